"""The table of layouts that discovery must read without a miss."""

from __future__ import annotations

from tests.discovery import traps
from tests.discovery.layouts import (
    Layout,
    archived,
    calendar,
    day,
    home_only,
    link,
    listed,
    load_more,
    nothing,
    numbered,
    packed_index,
    page,
    postback,
    relative_next,
    sitemap,
    slug,
    title,
    worded,
)


def _either(first: str, form: str, shift: int = 0):  # type: ignore[no-untyped-def]
    """Addresses of pages: the list's own for the first, then `form` with the number that pages have."""
    return lambda k: first if k == 1 else form.format(k - shift)


def _nukeviet_views(path: str) -> str:
    inner = path.removeprefix("/vi/news")
    return "".join(
        f'<a href="/vi/news/{view}{inner}" title="{words}">{words}</a>'
        for view, words in (("print", "In ra bài viết này"), ("savefile", "Lưu bài viết này lại"))
    )


_NUKEVIET = _either("/vi/news/tin-tuc/", "/vi/news/tin-tuc/page-{}/")
_LIFERAY = _either(
    "/web/guest/tin-tuc",
    "/web/guest/tin-tuc?p_p_id=101_INSTANCE_x&p_p_lifecycle=0&_101_INSTANCE_x_delta=6&_101_INSTANCE_x_cur={}",
)
_DANANG = _either("/web/guest/chinh-quyen/danh-muc?_c=3", "/web/guest/chinh-quyen/danh-muc?_c=3&page={}")
_DANTRI = _either("/kinh-doanh.htm", "/kinh-doanh/trang-{}.htm")
_VNEXPRESS = _either("/kinh-doanh", "/kinh-doanh-p{}")
_VIETNAMNET = _either("/kinh-doanh", "/kinh-doanh-page{}", shift=1)
_WORDPRESS = _either("/category/tin-tuc/", "/category/tin-tuc/page/{}/")
_JOOMLA = lambda k: "/tin-tuc" if k == 1 else f"/tin-tuc?start={6 * (k - 1)}"  # noqa: E731
_DRUPAL = _either("/tin-tuc", "/tin-tuc?page={}", shift=1)
_DNN = _either("/Default.aspx/tabid/255/", "/Default.aspx/tabid/255/?pageindex={}")
_TANDAN = _either("/portal/KenhTin/Tin-trong-tinh.aspx", "/portal/KenhTin/Tin-trong-tinh.aspx?PageIndex={}")
_CUR = _either("/tin-moi", "/tin-moi?cur={}")


def _postback_with_sitemap() -> Layout:
    made = listed(
        "postback-and-sitemap",
        lambda n: f"/portal/Pages/{day(n).year}-{day(n).month}-{day(n).day}/{slug(n)}x7k{n}.aspx",
        _TANDAN,
        pager=postback,
        cuts={"paging-by-script"},
        sources=[{"kind": "sitemap", "url": "/sitemap.xml"}],
    )
    made.pages["/sitemap.xml"] = sitemap([*made.articles, "/portal/KenhTin/Tin-trong-tinh.aspx", "/lien-he.aspx"])
    return made


def _rdf() -> Layout:
    made = listed(
        "rdf-feed",
        lambda n: f"/bai-viet/{8000 + n}-{slug(n)}.html",
        lambda k: "/tin",
        pager=load_more,
        sources=[{"kind": "feed", "url": "/rss.rdf"}],
        cuts={"paging-by-script"},
    )
    items = "".join(
        f'<item rdf:about="{path}"><title>{title(n)} & Co</title><link>{path}</link>'
        f"<dc:date>{day(n):%d/%m/%Y}</dc:date></item>"
        for n, path in enumerate(made.articles)
    )
    made.pages["/tin"] = page("".join(link(path, n) for n, path in enumerate(made.articles[:6])) + load_more(1, 2))
    made.pages["/rss.rdf"] = (
        '\ufeff\ufeff<?xml version="1.0" encoding="iso-8859-1"?><rdf:RDF xmlns="http://purl.org/rss/1.0/">'
        f"<channel/>{items}</rdf:RDF>"
    ).encode()
    return made


LAYOUTS = [
    listed(
        "nukeviet",
        lambda n: f"/vi/news/tin-tuc/{slug(n)}-{500 + n}.html",
        _NUKEVIET,
        pager=numbered(_NUKEVIET),
        more=_nukeviet_views,
    ),
    listed(
        "tandan-template",
        lambda n: f"/portal/pages/{day(n)}/{slug(n)[:50]}-{412 + n}.aspx",
        _TANDAN,
        pager=postback,
        source={"paging": "/portal/KenhTin/Tin-trong-tinh.aspx?PageIndex={n}"},
    ),
    _postback_with_sitemap(),
    listed("liferay-cur", lambda n: f"/web/guest/-/{slug(n)}", _LIFERAY, pager=numbered(_LIFERAY)),
    listed(
        "liferay-danang",
        lambda n: f"/web/guest/chinh-quyen/chi-tiet?id={28316 + n}&_c=3",
        _DANANG,
        pager=numbered(_DANANG),
    ),
    listed(
        "cur",
        lambda n: f"/chi-tiet-tin/-/view-article/1/{1662019200000 + n}/{1662019200001 + n}",
        _CUR,
        pager=worded(_CUR, "Trang sau"),
    ),
    listed(
        "dantri-trang", lambda n: f"/kinh-doanh/{slug(n)}-{20260307075519174 + n}.htm", _DANTRI, pager=numbered(_DANTRI)
    ),
    listed(
        "vnexpress-p",
        lambda n: f"/{slug(n)}-{4850000 + n}.html",
        _VNEXPRESS,
        pager=nothing,
        head=relative_next(_VNEXPRESS),
    ),
    listed("vietnamnet-page", lambda n: f"/{slug(n)}-{2379000 + n}.html", _VIETNAMNET, pager=numbered(_VIETNAMNET)),
    listed("wordpress", lambda n: f"/{day(n):%Y/%m/%d}/{slug(n)}/", _WORDPRESS, pager=worded(_WORDPRESS, "›")),
    listed(
        "joomla-start",
        lambda n: f"/index.php?option=com_content&view=article&id={512 + n}&catid=3",
        _JOOMLA,
        pager=numbered(_JOOMLA),
        more=lambda path: f'<a href="{path}&tmpl=component&print=1">In bài viết này ra giấy</a>',
    ),
    listed("drupal-page", lambda n: f"/tin-tuc/{slug(n)}", _DRUPAL, pager=worded(_DRUPAL, "Tiếp ›")),
    listed(
        "dotnetnuke", lambda n: f"/Default.aspx/tabid/255/post/{3011 + n}/{slug(n)}.aspx", _DNN, pager=numbered(_DNN)
    ),
    listed(
        "webcenter",
        lambda n: f"/webcenter/portal/chitiet?dDocName=PORTAL{315606 + n}",
        _DRUPAL,
        pager=numbered(_DRUPAL),
    ),
    archived("vccorp-archive", "/thoi-su/xem-theo-ngay/{d}.htm", lambda n: f"/{slug(n)}-{102260228093004191 + n}.htm"),
    archived("mst-archive", "/tin-tuc-su-kien/xem-theo-ngay-{d}.htm", lambda n: f"/{slug(n)}-{197260000 + n}.htm"),
    home_only("home-only", lambda n, s: f"{s}/{slug(n)}-{n + 30000}.html", ["/thoi-su", "/kinh-te", "/van-hoa-xa-hoi"]),
    home_only(
        "home-short-slugs", lambda n, s: f"/tin/tin-{n + 300}.html", ["/tin-hoat-dong.html", "/chuyen-muc/phap-luat"]
    ),
    packed_index("sitemap-index"),
    _rdf(),
    calendar("calendar"),
    traps.repeats_last("repeats-last-page"),
    traps.invents("invents-pages"),
    traps.filtered("filters"),
    traps.repeating_path("path-repeats"),
    traps.sessions("sessions"),
    traps.dateless_archive("archive-without-days"),
]
