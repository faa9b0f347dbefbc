"""The headers that keep a page harmless, whatever an article's HTML says. A page says which policy is its own; what
says nothing gets the strictest."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "Content-Security-Policy"
# Nothing runs and nothing is framed: no script, form, frame or plug-in; pictures come from the sites themselves.
# `sandbox` without allow-scripts also stops <meta http-equiv=refresh>.
_SANDBOX = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads"
_BARE = "default-src 'none'; style-src 'self'; img-src http: https:; base-uri 'none'; frame-ancestors 'none'"
READING = f"{_BARE}; form-action 'none'; {_SANDBOX}"
"""For pages with an article's HTML in them, and for all that is no page."""
SEARCHING = f"{_BARE}; form-action 'self'; {_SANDBOX} allow-forms"
"""For reading pages with a search form: they may ask us, and still run nothing."""
WORKING = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""For pages that people work in (desk, console): our own scripts, nothing inline, no eval."""
DESK = f"{WORKING}; frame-src 'self'"
"""For the desk, which shows the pages of others in a frame (FRAMED)."""
FRAMED = (
    "default-src 'none'; style-src 'self'; img-src {images}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
"""For a page of others in a frame of the desk: nothing runs, whatever was overlooked when it was made safe."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def harden(headers: MutableHeaders) -> None:
    """Puts the headers on an answer."""
    headers.update(_HEADERS)
    headers.setdefault(POLICY, READING)
    if headers[POLICY] in (WORKING, DESK):
        # Without one, browsers send forms with "Origin: null", and cannot say that they are ours.
        headers["Referrer-Policy"] = "same-origin"


class SecurityHeaders:
    """Puts the headers on every answer that a route or a problem of ours gives."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                harden(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, with_headers)
