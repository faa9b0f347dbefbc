"""The database as one file, and back: written while Bantin works, of one moment, and checked before a byte of it is
believed (docs/decisions/0025-backups-and-metrics.md)."""

from __future__ import annotations

from storage.backup.archive import Archive, CollectionCopy
from storage.backup.copying import sweep, write
from storage.backup.restoring import restore

__all__ = ["Archive", "CollectionCopy", "restore", "sweep", "write"]
