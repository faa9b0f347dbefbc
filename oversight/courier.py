"""Sending by Apprise."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from news.alerts import Message
from news.errors import BantinError

# What Apprise says while it sends goes here, and may hold the address: a word of it is shown, never a line.
_LOGGER = "apprise"
_LONGEST = 30.0  # seconds


def send(address: str, message: Message) -> str:
    """Sends a message to an address of Apprise (`mailto://…`, `tgram://…`, `json://…`); "" where it was taken, else why
    not, without the address, which holds passwords."""
    # Apprise bounds each read, not all of them: one that answers byte by byte would hold up all that follows.
    answer: list[str] = []
    thread = threading.Thread(target=lambda: answer.append(_sent(address, message)), name="courier", daemon=True)
    thread.start()
    thread.join(_LONGEST)
    return answer[0] if answer else f"{kind(address)}: it did not answer within {_LONGEST:g} seconds"


def _sent(address: str, message: Message) -> str:
    import apprise  # has some hundred services, which only who sends anything must load

    asset = apprise.AppriseAsset(app_id="Bantin", app_desc="Bantin", app_url="", secure_logging=True)
    post = apprise.Apprise(asset=asset)
    if not post.add(address):
        return f"an address of {kind(address)} that Apprise cannot read"
    with _heard() as said:
        try:
            taken = post.notify(body=message.body, title=message.title, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # of some hundred services one may do anything
            return f"{kind(address)}: {type(error).__name__}"
    return "" if taken else f"{kind(address)}: {_without(address, said) or 'it was not taken'}"


def check(addresses: Sequence[str]) -> None:
    """Raises BantinError for an address that Apprise cannot read."""
    import apprise

    for number, address in enumerate(addresses, 1):
        if not apprise.Apprise().add(address):
            raise BantinError(
                f"BANTIN_ALERTS: address {number} ({kind(address)}) is none that Apprise knows.",
                "https://github.com/caronc/apprise/wiki has the form of each: mailto://, tgram://, slack://, json://.",
            )


def kind(address: str) -> str:
    """What may be shown of an address: its service."""
    return address.partition("://")[0][:20] + "://"


@contextmanager
def _heard() -> Iterator[list[str]]:
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, ear = logging.getLogger(_LOGGER), Ear(logging.WARNING)
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)


def _without(address: str, said: list[str]) -> str:
    """The first thing that was said, if no long piece of the address is in it."""
    pieces = [piece for piece in re.split("[/?@:&=]+", address) if len(piece) > 5]
    return next((text[:200] for text in said if not any(piece in text for piece in pieces)), "")
