"""Pictures of an article that stand outside its text, with their captions."""

from __future__ import annotations

from news.article import Image
from news.extract.captions import attach_captions
from news.extract.evidence import Evidence
from news.extract.linear import address, placed

# A gallery has more pictures than an article needs.
GALLERY = 3


def beside_text(e: Evidence) -> tuple[Image, ...]:
    """The pictures of the boxes that selectors name: templates set the first one between lead and text."""
    boxes = [box for _, s in e.selectors for css in s.fields.get("images", ()) for box in e.select(css)]
    found = [[block for block, _ in placed(box, e.base, markup=True)] for box in boxes]
    blocks = [block for box in found for block in attach_captions(box)]
    return tuple({block.image.url: block.image for block in blocks if block.image}.values())


def gallery(e: Evidence) -> tuple[Image, ...]:
    """The captioned pictures of a page that tells by them what others tell in words; fewer than three are none."""
    blocks = attach_captions([block for block, _ in placed(e.root, e.base, skip=e.boxes, markup=True)])
    found = {block.image.url: block.image for block in blocks if block.image and block.image.caption}
    return tuple(found.values()) if len(found) >= GALLERY else ()


def social(e: Evidence) -> tuple[Image, ...]:
    """The picture that the page shows where it is shared: better than none."""
    shared = address(e.meta.get("og:image", ""), e.base)
    return (Image(shared),) if shared else ()
