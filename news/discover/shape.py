"""Whether a link leads to an article: what its address, its words and its neighbourhood tell, over all families of
portals (docs of the families: news/extract). `judge` is the one judgement; listings, home pages and whoever proposes a
site file ask it alike."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import SplitResult, parse_qsl, urlsplit

from news.discover.traps import is_calendar, trap
from news.urls import is_view

_HOMES = frozenset({"", "/vi", "/en", "/web/guest", "/web/guest/home", "/trang-chu", "/home"})


class Shape(IntEnum):
    """How much an address looks like an article's; a listing weighs it with the words of the link."""

    NEVER = 0  # navigation, a file, a view
    UNLIKELY = 1
    LIKELY = 2  # an article if the words of the link read like a headline
    SURE = 3  # dated, or numbered behind a headline's worth of words


_OF_SHAPE = {
    Shape.NEVER: (0.0, "an address of no article"),
    Shape.UNLIKELY: (0.3, "an address that says nothing"),
    Shape.LIKELY: (0.6, "an id or a long slug in its address"),
    Shape.SURE: (0.9, "a day, or an id behind a long slug, in its address"),
}


# From this score on a link is taken for an article.
ARTICLE = 0.7
# The shortest headline of the corpus has 17 letters; menu entries ("Tin tức - Sự kiện", "Văn bản chỉ đạo") have fewer
# words. Both measures are asked for, because one long place name is no headline.
MIN_LETTERS, MIN_WORDS = 18, 4
# An address of this skeleton was an article's so often before that no chance made it so.
_LEARNT_FROM = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much a link looks like an article's, 0 to 1, and why, in words that an operator understands."""

    score: float
    reasons: tuple[str, ...]

    @property
    def is_article(self) -> bool:
        return self.score >= ARTICLE


def judge(url: str, title: str = "", *, dated: bool = False, learnt: Collection[str] = ()) -> Judgement:
    """Whether an article lives at a canonical URL.

    `title` are the longest words that link there, `dated` says that a date stands beside the link and no other link
    shares it, `learnt` are the skeletons of the site's known articles (`skeletons`).
    """
    parts = urlsplit(url)
    why = furniture(parts) or ("the number of a page" if title.isdigit() else "")
    if why:
        return Judgement(0.0, (why,))
    shape = shape_of(parts)
    evidence = [_OF_SHAPE[shape]]
    if reads_like_headline(title):
        evidence.append((0.2, "words of a headline"))
        if _is_slug_of(title, parts.path):
            evidence.append((0.1, "the title in its address"))
    if dated:
        evidence.append((0.15, "a date beside it"))
    if learnt and skeleton(url) in learnt:
        evidence.append((0.4, "an address like those of known articles"))
    score = round(min(1.0, sum(weight for weight, _ in evidence)), 2)
    return Judgement(score, tuple(words for _, words in evidence))


def reads_like_headline(text: str) -> bool:
    """Whether the words of a link are long enough for a headline."""
    return len(text) >= MIN_LETTERS and len(text.split()) >= MIN_WORDS


def skeletons(urls: Iterable[str]) -> frozenset[str]:
    """The skeletons that several known articles of a site share and that say something: an id or a long slug."""
    counted = Counter(map(skeleton, urls))
    return frozenset(form for form, count in counted.items() if count >= _LEARNT_FROM and ("#" in form or "**" in form))


def skeleton(url: str) -> str:
    """The address with its words and numbers taken out: "/*/**-#.html" of /tin-tuc/khai-mac-le-hoi-xuan-123.html."""
    parts = urlsplit(url)
    stem, dot, ending = parts.path.rpartition(".")
    stem, ending = (stem, dot + ending.lower()) if dot and len(ending) < 6 and "/" not in ending else (parts.path, "")
    path = "/".join(_segment(segment) for segment in stem.strip("/").split("/"))
    names = sorted(f"{name}=#" if value.isdigit() else name for name, value in parse_qsl(parts.query))
    return f"/{path}{ending}" + (f"?{'&'.join(names)}" if names else "")


def _segment(segment: str) -> str:
    tokens = [token for token in re.split(r"[-_.,]", segment) if token]
    words = sum(not token.isdigit() for token in tokens)
    number = "-#" if any(len(token) > 2 and re.search(r"\d{3}", token) for token in (*tokens[:1], *tokens[-2:])) else ""
    return ("**" if words > 3 else "*" if words else "") + (number if words else number.lstrip("-") or "n")


def _is_slug_of(title: str, path: str) -> bool:
    slug = re.sub(r"\W+", "-", _plain(title)).strip("-")
    return len(slug) >= 12 and slug[:40].rpartition("-")[0] in _plain(path)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|zip|rar|7z|gz|jpe?g|png|gif|webp|svg|ico|bmp|tiff?|mp[34]|m4a|m3u8|avi|mov|wm[av]"
    r"|flv|wav|css|js|json|xml|rss|txt|csv|swf|apk|exe)$",
    re.IGNORECASE,
)
# Path segments of pages that are never an article, as Vietnamese and English systems name them.
_NAVIGATION = re.compile(
    r"/(?:tags?|tag-[\w-]+|chu-de|topics?|tim-kiem|search|timkiem|login|dang-nhap|dangnhap|signin|register|dang-ky|logout|users?"
    r"|account|tai-khoan|author|tac-gia|lien-he|contact|gioi-thieu|about|sitemap|so-do-site|sodosite|so-do-cong|rss|feeds?"
    r"|lich-cong-tac|lich|calendar|events?-calendar|thu-vien-video|thu-vien-media|album|albums|gallery|quen-mat-khau|forgot-password"
    r"|hoi-dap|gop-y|feedback|thu-vien-anh|bieu-mau|danh-ba|thu-dien-tu|webmail|category|chuyen-muc|danh-muc|kenhtin|archive"
    r"|xem-theo-ngay|comments?|binh-luan|cart|wp-admin|wp-login\.php|_layouts|printpage|javascript:)(?:/|\.\w+$|$)",
    re.IGNORECASE,
)
# What the press's systems write behind the words of a tag or a topic: "chuyen-doi-so-tag1234.html".
_TAG_NAME = re.compile(r"-(?:tags?|topic|event|chu-de)-?\d*(?:\.\w+)?/?$", re.IGNORECASE)
_LOGIN_QUERY = re.compile(
    r"(?:^|&)(?:p_p_state=(?:maximized|pop_up)&.*(?:58|login)|q|s|keyword|tukhoa|search|tag)=", re.IGNORECASE
)
_DAY = re.compile(r"/(?:19|20)\d{2}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12]\d|3[01])(?:/|-)\S")
_LIFERAY = re.compile(r"/-/(?:view-article/|asset_publisher/\w+/content/)?[\w%-]{4,}", re.IGNORECASE)
_POST = re.compile(
    r"/(?:post|news|tin|bai-viet|article|content|detail|chi-tiet|chitiet)/(?:[\w-]+/)?\d{2,}(?:[/.-]|$)", re.IGNORECASE
)
# Systems that write their parameters as folders: DotNetNuke's /Home/TabId/55/ArticleId/3241/Default.aspx.
_ID_FOLDER = re.compile(r"/(?:article|news|item|content|post|tin|bai)_?id/\d{2,}(?:[/.-]|$)", re.IGNORECASE)
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
    return bool(furniture(parts))


def furniture(parts: SplitResult) -> str:
    """What the address is that is never an article; "" for all that may be one."""
    path, url = parts.path, parts.geturl()
    if path.rstrip("/") in _HOMES and not parts.query:
        return "a front page"
    if _FILE.search(path):
        return "a file"
    if _NAVIGATION.search(path) or _TAG_NAME.search(path):
        return "a page of the site's furniture"
    if _LOGIN_QUERY.search(parts.query):
        return "a search or a login"
    if is_view(url):
        return "a view to print, mail or save"
    return "a calendar" if is_calendar(parts) else trap(url)


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
    if (
        _DAY.search(path)
        or _ID_FOLDER.search(parts.path)
        or (words >= 4 and digits >= 3)
        or (digits >= 8 and words >= 2)
    ):
        return Shape.SURE
    if _has_id(parts) and (_DETAIL.search(parts.path) or words >= 3):
        return Shape.SURE if _DETAIL.search(parts.path) else Shape.LIKELY
    if words >= 5 or digits >= 2 or _POST.search(path) or _LIFERAY.search(path):
        return Shape.LIKELY
    return Shape.LIKELY if words >= 4 and parts.path.lower().endswith((".aspx", ".html", ".htm")) else Shape.UNLIKELY


def _has_id(parts: SplitResult) -> bool:
    return any(
        not name.startswith("p_p_")
        and _ID_NAME.fullmatch(name.rpartition("_")[2] or name)
        and re.search(r"\d{2,}", value)
        for name, value in parse_qsl(parts.query)
    )
