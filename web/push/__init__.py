"""Tells the consumers of webhooks, and public hubs, what has changed."""
