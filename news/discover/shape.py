"""What the address of a page tells about it, over all families of portals (docs of the families: news/extract)."""

from __future__ import annotations

import re
from enum import IntEnum
from urllib.parse import SplitResult, parse_qsl

from news.urls import is_view


class Shape(IntEnum):
    """How much an address looks like an article's; a listing weighs it with the words of the link."""

    NEVER = 0  # navigation, a file, a view
    UNLIKELY = 1
    LIKELY = 2  # an article if the words of the link read like a headline
    SURE = 3  # dated, or numbered behind a headline's worth of words


_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|zip|rar|7z|gz|jpe?g|png|gif|webp|svg|ico|bmp|tiff?|mp[34]|m4a|m3u8|avi|mov|wm[av]"
    r"|flv|wav|css|js|json|xml|rss|txt|csv|swf|apk|exe)$",
    re.IGNORECASE,
)
# Path segments of pages that are never an article, as Vietnamese and English systems name them.
_NAVIGATION = re.compile(
    r"/(?:tags?|tag-[\w-]+|chu-de|topics?|tim-kiem|search|timkiem|login|dang-nhap|dangnhap|signin|register|dang-ky|logout|users?"
    r"|account|tai-khoan|author|tac-gia|lien-he|contact|gioi-thieu|about|sitemap|so-do-site|sodosite|so-do-cong|rss|feeds?"
    r"|hoi-dap|gop-y|feedback|thu-vien-anh|bieu-mau|danh-ba|thu-dien-tu|webmail|category|chuyen-muc|danh-muc|kenhtin|archive"
    r"|xem-theo-ngay|comments?|binh-luan|cart|wp-admin|wp-login\.php|_layouts|printpage|javascript:)(?:/|\.\w+$|$)",
    re.IGNORECASE,
)
_LOGIN_QUERY = re.compile(
    r"(?:^|&)(?:p_p_state=(?:maximized|pop_up)&.*(?:58|login)|q|s|keyword|tukhoa|search|tag)=", re.IGNORECASE
)
_DAY = re.compile(r"/(?:19|20)\d{2}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12]\d|3[01])(?:/|-)\S")
_LIFERAY = re.compile(r"/-/(?:view-article/|asset_publisher/\w+/content/)?[\w%-]{4,}", re.IGNORECASE)
_POST = re.compile(
    r"/(?:post|news|tin|bai-viet|article|content|detail|chi-tiet|chitiet)/(?:[\w-]+/)?\d{2,}(?:[/.-]|$)", re.IGNORECASE
)
_ID_NAME = re.compile(
    r"(?:id|.*newsid|.*articleid|.*itemid|.*contentid|.*postid|bvid|tinid|idtin|id_?tin|id_?bai\w*|ddocname|newsid|aid|nid|p)",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"chi-?tiet|detail|view|article|bai-?viet|content|xem-?tin|read|/tin|news|portal|index\.php", re.IGNORECASE
)
_LAST_ID = re.compile(r"[-_./](?:post|id|d|c|r|i|p|a|art|n|t)?[-_]?(\d{2,18})$", re.IGNORECASE)


def is_navigation(parts: SplitResult) -> bool:
    """Whether the address is a file, a view, a home page or a page of the site's furniture."""
    path = parts.path
    if (
        path.rstrip("/") in ("", "/vi", "/en", "/web/guest", "/web/guest/home", "/trang-chu", "/home")
        and not parts.query
    ):
        return True
    return bool(_FILE.search(path) or _NAVIGATION.search(path) or _LOGIN_QUERY.search(parts.query)) or is_view(
        parts.geturl()
    )


def shape_of(parts: SplitResult) -> Shape:
    """How likely an article lives at the address. `parts` are those of a canonical URL."""
    if is_navigation(parts):
        return Shape.NEVER
    path = re.sub(
        r"\.(?:html?|chn|aspx?|php|ldo|tpo|vnp|jsp|epi|vov|bld)$", "", parts.path.rstrip("/"), flags=re.IGNORECASE
    )
    slug = path.rpartition("/")[2]
    words = len([word for word in re.split(r"[-_+]|%20", slug) if len(word) > 1])
    number = _LAST_ID.search("/" + slug)
    digits = len(number[1]) if number else 0
    if _DAY.search(path) or (words >= 4 and digits >= 3) or (digits >= 8 and words >= 2):
        return Shape.SURE
    if _has_id(parts) and (_DETAIL.search(parts.path) or words >= 3):
        return Shape.SURE if _DETAIL.search(parts.path) else Shape.LIKELY
    if words >= 5 or digits >= 2 or _POST.search(path) or _LIFERAY.search(path):
        return Shape.LIKELY
    return Shape.LIKELY if words >= 4 and parts.path.lower().endswith((".aspx", ".html", ".htm")) else Shape.UNLIKELY


def _has_id(parts: SplitResult) -> bool:
    return any(
        _ID_NAME.fullmatch(name.rpartition("_")[2] or name) and re.search(r"\d{2,}", value)
        for name, value in parse_qsl(parts.query)
    )
