"""HTML as a row of tags, comments and scripts, read without building a tree: linear in any text."""

from __future__ import annotations

import re

_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])))*+"""
OPENING = re.compile(rf"<[a-zA-Z]{_ATTRIBUTES}>?+")
# Groups: raw and how (a script or style and its attributes), open and attributes, close. Every alternative takes what
# it has read, even where its end is missing, so that nothing is read twice.
TOKEN = re.compile(
    rf"<!--(?:.*?-->|.*)"
    rf"|<(?P<raw>script|style)\b(?P<how>{_ATTRIBUTES})>?+(?:.*?</(?P=raw)[^>]*+>?+|.*)"
    rf"|<(?P<open>[a-zA-Z][^\s/>]*+)(?P<attributes>{_ATTRIBUTES})>?+"
    rf"|</(?P<close>[a-zA-Z][^\s/>]*+)[^>]*+>?+",
    re.IGNORECASE | re.DOTALL,
)
VOID = frozenset({
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr",
})  # fmt: skip
INLINE = frozenset({
    "a", "abbr", "b", "bdo", "big", "cite", "code", "em", "font", "i", "label", "mark", "nobr", "s", "small",
    "span", "strong", "sub", "sup", "tt", "u",
})  # fmt: skip
# The parser closes these by itself before the next of their kind, so they nest no deeper than what they stand in.
SELF_CLOSING = frozenset({
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "html", "head", "body",
})  # fmt: skip
