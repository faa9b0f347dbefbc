"""Pictures of an article that stand outside its text, with their captions."""

from __future__ import annotations

from news.article import Image
from news.errors import InvalidValue
from news.extract.captions import attach_captions
from news.extract.evidence import Evidence
from news.extract.linear import placed
from news.urls import canonical


def beside_text(e: Evidence) -> tuple[Image, ...]:
    """The pictures of the boxes that selectors name: templates set the first one between lead and text."""
    boxes = [box for _, s in e.selectors for css in s.fields.get("images", ()) for box in e.select(css)]
    found = [[block for block, _ in placed(box, e.base, markup=True)] for box in boxes]
    blocks = [block for box in found for block in attach_captions(box)]
    return tuple({block.image.url: block.image for block in blocks if block.image}.values())


def social(e: Evidence) -> tuple[Image, ...]:
    """The picture that the page shows where it is shared: better than none."""
    try:
        return (Image(canonical(e.meta["og:image"], e.base)),)
    except (KeyError, InvalidValue):
        return ()
