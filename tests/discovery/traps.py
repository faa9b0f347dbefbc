"""Portals that have no end, each in its own way."""

from __future__ import annotations

import hashlib
from itertools import combinations

from tests.discovery.layouts import Layout, link, numbered, page, slug


def repeats_last(name: str) -> Layout:
    """Page numbers behind the last show the last page again."""
    articles = [f"/tin/{slug(n)}-{5000 + n}.html" for n in range(12)]

    def answer(path: str) -> bytes | None:
        if not path.startswith("/tin"):
            return None
        number = min(2, int(path.partition("?page=")[2] or 1))
        group = articles[:6] if number == 1 else articles[6:]
        return page("".join(link(one, articles.index(one)) for one in group))

    source = {"kind": "listing", "url": "/tin", "paging": "/tin?page={n}"}
    return Layout(name, articles, {}, [source], most=3, otherwise=answer)


def invents(name: str) -> Layout:
    """Page numbers behind the last show ever new articles: what the site file allows is read, and the cut is told."""

    def answer(path: str) -> bytes | None:
        if not path.startswith("/tin"):
            return None
        k = int(path.partition("?page=")[2] or 1)
        body = "".join(link(f"/tin/{slug(n)}-{5000 + n}.html", n) for n in range(k * 5, k * 5 + 5))
        return page(body + numbered(lambda n: f"/tin?page={n}")(k, k + 3))

    source = {"kind": "listing", "url": "/tin", "max_pages": 7}
    articles = [f"/tin/{slug(n)}-{5000 + n}.html" for n in range(5, 40)]
    return Layout(name, articles, {}, [source], cuts={"source-depth"}, most=7, otherwise=answer)


def filtered(name: str) -> Layout:
    """Five filters over one register: every choice is a page, and every page offers all choices, headline and all."""
    names = ("loai", "linhvuc", "coquan", "nguoiky", "trangthai")

    def answer(path: str) -> bytes | None:
        if not path.startswith("/van-ban-chi-dao-dieu-hanh"):
            return None
        form = "/van-ban-chi-dao-dieu-hanh-cua-tinh"
        choices = [f"{form}?{a}={n}&{b}={m}" for a, b in combinations(names, 2) for n in range(7) for m in range(7)]
        links = "".join(f'<a href="{one}">Văn bản chỉ đạo điều hành của tỉnh</a>' for one in choices)
        own = "".join(link(one, n) for n, one in enumerate(articles))
        return page(own + links)

    articles = [f"/van-ban/{slug(n)}-{7000 + n}.html" for n in range(6)]
    source = {"kind": "listing", "url": "/van-ban-chi-dao-dieu-hanh"}
    return Layout(name, articles, {}, [source], cuts={"crawler-trap"}, most=1, otherwise=answer)


def repeating_path(name: str) -> Layout:
    """Links without a leading slash on a server that answers every depth: /tin/tin/tin/tin/..."""

    def answer(path: str) -> bytes | None:
        if not path.startswith("/tin/"):
            return None
        items = "".join(link(one, n) for n, one in enumerate(articles))
        return page(f'{items}<a href="tin/">Tiếp</a><a href="tin/tin/tin/{slug(77)}-999.html">{slug(77)}</a>')

    articles = [f"/bai/{slug(n)}-{5000 + n}.html" for n in range(4)]
    return Layout(
        name, articles, {}, [{"kind": "listing", "url": "/tin/"}], cuts={"crawler-trap"}, most=3, otherwise=answer
    )


def sessions(name: str) -> Layout:
    """Each page writes a session of its own into the addresses of its articles."""

    def answer(path: str) -> bytes | None:
        if not path.startswith("/tin"):
            return None
        token = hashlib.md5(path.encode()).hexdigest()
        k = int(path.partition("?page=")[2] or 1)
        items = "".join(link(f"/s/{token if n else 'a'}/{one}", n) for n, one in enumerate(names))
        return page(items + numbered(lambda n: f"/tin?page={n}")(k, 9))

    names = [f"{slug(n)}-{5000 + n}.html" for n in range(5)]
    first = hashlib.md5(b"/tin").hexdigest()
    articles = [f"/s/{first if n else 'a'}/{one}" for n, one in enumerate(names)]
    return Layout(
        name, articles, {}, [{"kind": "listing", "url": "/tin"}], cuts={"crawler-trap"}, most=3, otherwise=answer
    )


def dateless_archive(name: str) -> Layout:
    """An archive that shows the newest whatever day it is asked for."""
    articles = [f"/{slug(n)}-{197000 + n}.htm" for n in range(7)]
    shown = page("".join(link(one, n) for n, one in enumerate(articles)))
    return Layout(
        name,
        articles,
        {},
        [{"kind": "archive", "url": "/xem-theo-ngay-{d}.htm"}],
        cuts={"crawler-trap"},
        most=6,
        otherwise=lambda path: shown if path.startswith("/xem-theo-ngay-") else None,
    )
