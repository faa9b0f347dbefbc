"""An article as text and as Markdown, for people and for programs that read either."""

from __future__ import annotations

import re

from lxml import html as markup

from cli import output
from news.article import Article

_HEADINGS = {f"h{level}": "#" * max(2, level) + " " for level in range(1, 7)}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}


def text(article: Article) -> str:
    """Title, lead and body, a blank line between paragraphs."""
    parts = (article.title, article.lead, *article.body.split("\n"))
    return "\n\n".join(part for part in parts if part)


def markdown(article: Article) -> str:
    """The article with its headings, lists, tables, links and pictures."""
    names = (article.author, article.source, output.when(article.published) if article.published else "")
    parts = [
        f"# {article.title}",
        " · ".join(name for name in names if name),
        f"**{article.lead}**" if article.lead else "",
        _blocks(article.html),
        *(f"- [{file.title or file.url}]({file.url})" for file in article.attachments),
        f"<{article.url}>",
    ]
    return "\n\n".join(part for part in parts if part)


def _blocks(html: str) -> str:
    if not html.strip():
        return ""
    root = markup.fragment_fromstring(html, create_parent="div")
    return "\n\n".join(part for part in (_block(node) for node in root) if part)


def _block(node: markup.HtmlElement) -> str:
    match node.tag:
        case "ul" | "ol":
            mark = "- " if node.tag == "ul" else "1. "
            return "\n".join(mark + _inline(item) for item in node.iterchildren("li"))
        case "table":
            return _table(node)
        case "blockquote":
            return "> " + _inline(node)
        case "figure":
            pictures = [_inline(image) for image in node.iter("img")]
            captions = [f"*{_inline(caption)}*" for caption in node.iter("figcaption")]
            return "\n".join(pictures + captions)
        case str() as tag:
            return _HEADINGS.get(tag, "") + _inline(node) if _inline(node) else ""
        case _:
            return ""


def _table(node: markup.HtmlElement) -> str:
    rows = ["| " + " | ".join(_inline(cell) for cell in row.iterchildren("td", "th")) + " |" for row in node.iter("tr")]
    if not rows:
        return ""
    columns = max(1, rows[0].count(" | ") + 1)
    return "\n".join((rows[0], "|" + " --- |" * columns, *rows[1:]))


def _inline(node: markup.HtmlElement) -> str:
    if node.tag == "img":
        return f"![{node.get('alt', '')}]({node.get('src', '')})"
    if node.tag == "br":
        return " "
    inner = (node.text or "") + "".join(
        _inline(child) + (child.tail or "") for child in node if isinstance(child.tag, str)
    )
    inner = re.sub(r"\s+", " ", inner).strip() if node.tag not in (*_MARKS, "a", "span") else re.sub(r"\s+", " ", inner)
    if node.tag == "a" and node.get("href"):
        return f"[{inner.strip()}]({node.get('href')})"
    mark = _MARKS.get(str(node.tag), "")
    return f"{mark}{inner}{mark}" if mark and inner.strip() else inner
