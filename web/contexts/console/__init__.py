"""What the templates of the operators' console are given."""
