"""Page -> Article: `extract(html, url)` reads a page once and says for every field who gave it."""

from __future__ import annotations

from news.article import Article
from news.extract.reading import read
from news.site import Site


def extract(html: bytes | str, url: str, *, site: Site | None = None, content_type: str = "") -> Article:
    """The article of a page, whatever its bytes are.

    Pure: no network, no clock. `url` resolves links and is kept; `content_type` is the HTTP header, for the charset.
    An Article of another kind than article says in `reason` why the page holds none. Raises InvalidValue for a `url`
    that is not http(s); never for the page.
    """
    return read(html, url, site=site, content_type=content_type).article
