"""What ends a write because of what another one did."""

from __future__ import annotations


class AlreadyStored(Exception):
    """Somebody else was first: another article has a key or the fingerprint, the article was changed meanwhile, or one
    that is alike was stored since the neighbours were looked for. Look again and decide anew."""


class NothingToDo(Exception):
    """Ends a transaction that found its work done."""
