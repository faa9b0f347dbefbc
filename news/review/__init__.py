"""What editors do: the states of an article and the moves between them, what needs a human first, the trail."""
