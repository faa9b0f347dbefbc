"""The table of all sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from web.contexts.console.frame import ConsoleFrame


@dataclass(frozen=True, slots=True)
class SitesPage:
    """templates/console/sites.html."""

    template: ClassVar = "console/sites.html"

    frame: ConsoleFrame
