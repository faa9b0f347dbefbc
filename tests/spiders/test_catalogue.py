"""The sites that are shipped: who is there, and that today's units are made of all of yesterday's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from news.site import Site, SiteKind
from news.territory import names_of, sites_for, successor_of
from spiders.catalog import load_catalog

SITES = [
    site
    for site in load_catalog(Path(__file__).resolve().parents[2] / "spiders" / "sites").sites.values()
    if not site.id.startswith("demo-")
]
UNITS = [site for site in SITES if site.territory]


def names(text: str, sign: str | None = None) -> list[str]:
    return [name.strip() for name in text.split(sign)]


CENTRAL = names("""chinhphu.vn baochinhphu.vn xaydungchinhsach.chinhphu.vn quochoi.vn dangcongsan.vn nhandan.vn
vietnamplus.vn baotintuc.vn qdnd.vn cand.com.vn vov.vn vtv.vn mod.gov.vn bocongan.gov.vn mofa.gov.vn moha.gov.vn
moj.gov.vn mof.gov.vn moit.gov.vn mae.gov.vn moc.gov.vn bvhttdl.gov.vn mst.gov.vn moet.gov.vn moh.gov.vn cema.gov.vn
sbv.gov.vn thanhtra.gov.vn vpcp.chinhphu.vn""")
CITIES = names("hanoi hochiminhcity haiphong danang cantho hue")
PROVINCES = names("""tuyenquang caobang laichau laocai thainguyen dienbien langson sonla phutho bacninh quangninh
hungyen ninhbinh thanhhoa nghean hatinh quangtri quangngai gialai daklak khanhhoa lamdong dongnai tayninh dongthap
vinhlong camau angiang""")
# The 63 of 31 December 2024, before Thừa Thiên Huế became a city and 52 of them became 23.
FORMER_CITIES = names("Hà Nội, Hồ Chí Minh, Hải Phòng, Đà Nẵng, Cần Thơ", ",")
FORMER_PROVINCES = names(
    """An Giang, Bà Rịa - Vũng Tàu, Bắc Giang, Bắc Kạn, Bạc Liêu, Bắc Ninh, Bến Tre, Bình Định, Bình Dương, Bình Phước,
    Bình Thuận, Cà Mau, Cao Bằng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, Đồng Tháp, Gia Lai, Hà Giang, Hà Nam, Hà Tĩnh,
    Hải Dương, Hậu Giang, Hòa Bình, Hưng Yên, Khánh Hòa, Kiên Giang, Kon Tum, Lai Châu, Lâm Đồng, Lạng Sơn, Lào Cai,
    Long An, Nam Định, Nghệ An, Ninh Bình, Ninh Thuận, Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh,
    Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên Huế, Tiền Giang, Trà Vinh,
    Tuyên Quang, Vĩnh Long, Vĩnh Phúc, Yên Bái""",
    ",",
)
FORMER = {*(f"thành phố {name}" for name in FORMER_CITIES), *(f"tỉnh {name}" for name in FORMER_PROVINCES)}


def test_every_host_of_the_first_catalogue_is_there_once() -> None:
    hosts = [*CENTRAL, *(f"{name}.gov.vn" for name in (*CITIES, *PROVINCES))]
    owners = {host: [site.id for site in SITES if site.owns(f"https://{host}/")] for host in hosts}

    assert len(owners) == 63
    assert all(len(ids) == 1 for ids in owners.values()), owners
    assert len({ids[0] for ids in owners.values()}) == 63, "each is a site of its own"


def test_the_34_units_are_there_once_with_their_kind() -> None:
    territories = [site.territory for site in UNITS]

    assert len(set(territories)) == len(territories) == 34
    assert {site.id for site in UNITS if site.kind is SiteKind.CITY} == set(CITIES)
    assert {site.id for site in UNITS if site.kind is SiteKind.PROVINCE} == set(PROVINCES)
    for site in UNITS:
        assert site.territory.startswith("thành phố " if site.kind is SiteKind.CITY else "tỉnh ")


def test_the_units_and_their_predecessors_make_the_former_63() -> None:
    assert len(FORMER) == 63
    replaced = Counter(name for site in UNITS for name in site.replaces)
    standing = {site.territory for site in UNITS} & FORMER

    assert max(replaced.values()) == 1, "a unit went into one"
    assert standing | set(replaced) == FORMER
    assert not standing & set(replaced), "what stands was not replaced"
    assert sum(1 for site in UNITS if not site.replaces) == 10, "ten kept name and border; Huế changed its name"


@pytest.mark.parametrize(
    ("former", "ministry"),
    [
        ("Bộ Kế hoạch và Đầu tư", "mof"), ("Bộ Giao thông vận tải", "moc"), ("Bộ Thông tin và Truyền thông", "mst"),
        ("Bộ Tài nguyên và Môi trường", "mae"), ("Bộ Nông nghiệp và Phát triển nông thôn", "mae"),
        ("Bộ Lao động - Thương binh và Xã hội", "moha"), ("Ủy ban Dân tộc", "cema"), ("Ban Tôn giáo Chính phủ", "cema"),
    ],
)  # fmt: skip
def test_the_ministries_of_before_march_2025_are_found_in_their_successors(former: str, ministry: str) -> None:
    assert sites_for(former, SITES) == (ministry,)


def test_a_filter_for_todays_unit_finds_yesterdays() -> None:
    """The portal of a former province may be a site of its own for years, and its stored articles for ever."""
    old = Site.parse({
        "id": "quangnam", "name": "Tỉnh Quảng Nam", "kind": "province", "territory": "tỉnh Quảng Nam",
        "hosts": ["quangnam-cu.gov.vn"], "home": "https://quangnam-cu.gov.vn/",
    })  # fmt: skip

    assert set(sites_for("thành phố Đà Nẵng", [*SITES, old])) == {"danang", "quangnam"}
    assert sites_for("tỉnh Quảng Nam", [*SITES, old]) == ("quangnam",)
    assert sites_for("tỉnh Quảng Nam", SITES) == ("danang",), "who speaks for it now"
    assert names_of("tỉnh Lâm Đồng", SITES) == ("tỉnh Lâm Đồng", "tỉnh Đắk Nông", "tỉnh Bình Thuận")
    assert successor_of("tỉnh Quảng Nam", SITES) == "thành phố Đà Nẵng"
    assert successor_of("tỉnh Nghệ An", SITES) == ""


def test_predecessors_of_predecessors_are_found_and_a_circle_ends() -> None:
    def unit(id: str, territory: str, *replaces: str) -> Site:
        return Site.parse({
            "id": id, "name": id, "kind": "province", "territory": territory, "replaces": list(replaces),
            "hosts": [f"{id}.vn"], "home": f"https://{id}.vn/",
        })  # fmt: skip

    chain = [unit("c", "tỉnh C", "tỉnh B"), unit("b", "tỉnh B", "tỉnh A"), unit("a", "tỉnh A", "tỉnh C")]
    assert names_of("tỉnh C", chain) == ("tỉnh C", "tỉnh B", "tỉnh A")
    assert sites_for("tỉnh C", chain) == ("c", "b", "a")


@pytest.mark.parametrize("asked", ["Đà Nẵng", "da nang", "TP. Đà Nẵng", "thành phố đà nẵng", "THÀNH PHỐ ĐÀ NẴNG"])
def test_a_unit_may_be_written_as_people_write_it(asked: str) -> None:
    assert sites_for(asked, SITES) == ("danang",)


def test_an_unknown_unit_has_no_news() -> None:
    assert sites_for("tỉnh Lam Hà", SITES) == ()
    assert sites_for("", SITES) == ()
