"""What each template is given: one dataclass a template, made of stored values and nothing else. One module a group of
pages."""
