"""Views: addresses that show an article to print, mail, save, or on a telephone."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

# NukeViet writes its views as a path segment between module and category; Drupal before the number of the node.
_VIEW_SEGMENT = re.compile(
    r"/(?:print|savefile|sendmail|sendto|printer|printpdf|printmail|in-bai|in-bai-viet)(?=/)", re.IGNORECASE
)
_VIEW_PAGE = re.compile(
    r"/(?:print(?:item|view|er|article|news)?|inbai\w*|inan|in-?tin|email(?:item|afriend)?|sendmail|guibai\w*)\.(?:aspx?|php|html?)$"
    r"|/print$|/printpreview\b",
    re.IGNORECASE,
)
# In this order: plain switches; the ways of many systems to name a view (Liferay sets its portlet's name and "_"
# before it); Liferay's windows without the rest of the page; Joomla's; DotNetNuke's; SharePoint's dialog.
_VIEW_PAIR = re.compile(
    r"print(?:able|version|view|er)?=(?:1|true|yes|on|print|pdf)?"
    r"|(?:\w*_)?(?:mode|view|viewmode|action|act|type|op|format|tmpl|display)="
    r"(?:print(?:view|er)?|in|inbai|email|sendmail|savefile|pdf)"
    r"|p_p_state=(?:pop_up|exclusive)|tmpl=component|option=com_mailto|dnnprintmode=true|isdlg=1",
    re.IGNORECASE,
)
# NukeViet without rewritten addresses: ?nv=news&op=print/<category>/<slug>-<id>
_VIEW_VALUE = re.compile(r"(?:print|savefile|sendmail)/(?=.)", re.IGNORECASE)
_SMALL_HOST = re.compile(r"^(?:(?:www|m|mobile|amp|wap)\.)+(?=[^.]+\.[^.]+)")
_AMP_PATH = re.compile(r"^/amp(?=/[^/])|(?:/amp)+/?$|(?<=\w)\.amp(?=\.html?$)")
# The press on ePi's zce writes x-post1.amp beside x-post1.html.
_AMP_SUFFIX = re.compile(r"(?<=\w)\.amp$")
_SMALL_PAIR = re.compile(
    r"amp=1?|outputtype=amp|(?:is_?)?mobile=(?:1|true|yes)?|(?:view|device|display|theme|version|layout)=(?:mobile|wap|amp)",
    re.IGNORECASE,
)


def is_view(url: str) -> bool:
    """Whether the URL shows an article to print, mail or save: it holds nothing that the article does not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if _VIEW_SEGMENT.search(parts.path) or _VIEW_PAGE.search(parts.path):
        return True
    return any(is_view_pair(name, value) or own_value(name, value) != value for name, value in pairs_of(parts.query))


def is_reduced(url: str) -> bool:
    """Whether the URL shows less than the article's own page does: a view, or a mobile or AMP page."""
    if is_view(url):
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = (parts.hostname or "").removeprefix("www.")
    return (
        own_host(host) != host
        or bool(_AMP_PATH.search(parts.path) or _AMP_SUFFIX.search(parts.path))
        or any(is_small_pair(name, value) for name, value in pairs_of(parts.query))
    )


def own_host(host: str) -> str:
    """The host without www. and the names of mobile and AMP pages."""
    return _SMALL_HOST.sub("", host)


def own_path(path: str) -> str:
    """The path of the article to which a print, mail, save or AMP path belongs."""
    path = _VIEW_SEGMENT.sub("", path)
    path = _AMP_SUFFIX.sub(".html", _AMP_PATH.sub("", path))
    return re.sub(r"/print/?$", "", path)


def own_value(name: str, value: str) -> str:
    """The value that the article's own address has where this one names a view in it."""
    return _VIEW_VALUE.sub("", value, count=1) if name.lower() == "op" and _VIEW_VALUE.match(value) else value


def is_view_pair(name: str, value: str) -> bool:
    """Whether a parameter asks for a view to print, mail or save."""
    return bool(_VIEW_PAIR.fullmatch(f"{name}={value}"))


def is_small_pair(name: str, value: str) -> bool:
    """Whether a parameter asks for the mobile or AMP page."""
    return bool(_SMALL_PAIR.fullmatch(f"{name}={value}"))


def pairs_of(query: str) -> list[tuple[str, str]]:
    """The parameters, each byte a letter: windows-1258 and broken UTF-8 come back as they were, so that two values
    never become one."""
    return parse_qsl(query, keep_blank_values=True, encoding="latin-1")
