"""How far the encryption of a site's hosts is trusted: values of a site file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from news.errors import InvalidValue


class TlsMode(StrEnum):
    """`strict`: as a browser does. `legacy`: old ciphers, keys and renegotiation too, certificates as strictly.
    `pinned`: certificates of the site's own authority only. `off`: whoever answers is believed."""

    STRICT = "strict"
    LEGACY = "legacy"
    PINNED = "pinned"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Tls:
    """`ca` is the name of a PEM file beside the site file, with the certificates that `pinned` trusts."""

    mode: TlsMode = TlsMode.STRICT
    ca: str = ""

    def __post_init__(self) -> None:
        if self.mode is TlsMode.PINNED and not self.ca:
            raise InvalidValue("ca is empty.", 'mode = "pinned" needs the name of a PEM file beside the site file.')
        if self.ca and self.mode is not TlsMode.PINNED:
            raise InvalidValue(f"ca = {self.ca!r} is not used.", 'Write mode = "pinned", or take it out.')
        if self.ca and not re.fullmatch(r"[\w-][\w.-]*", self.ca):
            raise InvalidValue(f"ca = {self.ca!r} is no name of a file.", "Put the file beside the site file.")

    @property
    def warning(self) -> str:
        """What an operator is told for as long as it stands; "" if nothing."""
        if self.mode is not TlsMode.OFF:
            return ""
        return "Its certificates are not checked (tls mode off): whoever stands between can write its articles."
