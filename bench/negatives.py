"""Pairs of texts that look alike and are two: editions of one form, one letterhead, one passage, one headline."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from random import Random

from bench.edits import Donor, sentences
from news.dedupe.likeness import Text

_SLOT = re.compile(r"\{([a-z]+)(\d+)\}")
PLACES = (
    "xã Tân Lập", "xã Hòa Bình", "phường Đông Kinh", "thị trấn Nưa", "huyện Cẩm Thượng", "xã Vĩnh Thạnh", "phường 7",
    "quận Hải An", "thị xã Tam Giang", "xã Mường Lay", "phường Trần Phú", "huyện Quế Lâm", "xã Phú Mỹ Hưng",
    "xã Đồng Lợi", "thành phố Sơn Tây Hạ", "xã Nậm Mu", "phường An Thới", "xã Bình Minh", "huyện Kim Đường",
)  # fmt: skip
PEOPLE = (
    "Nguyễn Văn Lợi", "Lò Văn Páo", "Trần Đình Khôi", "Hà Thị Chiến", "Phan Văn Mão", "Đinh Công Bền", "Y Thu Hà",
    "Lê Hồng Quân", "Vũ Thị Lan Anh", "Bùi Đức Cường", "Trịnh Xuân Hải", "Phạm Quốc Toản", "Kpă Thuật",
)  # fmt: skip
STREETS = (
    "đường Trần Hưng Đạo", "quốc lộ 1", "đường tỉnh 516B", "số 12 đường Lê Lợi", "tuyến đường liên xã", "phố Hàng Đồng",
    "số 45 đường 30 tháng 4", "đường Nguyễn Trãi", "quốc lộ 14C", "đường Hùng Vương",
)  # fmt: skip
FIRMS = (
    "Công ty Đấu giá hợp danh Miền Trung", "Công ty cổ phần Xây lắp Số 5", "Ngân hàng Hợp tác", "Công ty TNHH Phú An",
    "Trung tâm Dịch vụ đấu giá tài sản", "Câu lạc bộ Doanh nhân trẻ", "Tập đoàn Sông Mã",
)  # fmt: skip
TOPICS = (
    "Xây lắp trường tiểu học", "Cải tạo trạm y tế", "Nâng cấp tuyến kênh chính", "Mua sắm trang thiết bị dạy học",
    "Sửa chữa nhà văn hóa", "Xây dựng cầu dân sinh", "Tư vấn giám sát hạ tầng khu tái định cư",
)  # fmt: skip
LETTERHEAD = (
    "ỦY BAN NHÂN DÂN TỈNH THƯỢNG SƠN\nSỞ NỘI VỤ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    "Căn cứ Luật Tổ chức chính quyền địa phương; căn cứ Luật Cán bộ, công chức; xét đề nghị của Chánh Văn phòng Sở,"
)
SIGNATURE = (
    "Nơi nhận:\n- Như trên;\n- UBND tỉnh (để báo cáo);\n- Các phòng, đơn vị thuộc Sở;\n- Lưu: VT, VP.\nKT. GIÁM ĐỐC\n"
    "PHÓ GIÁM ĐỐC\n(Đã ký)"
)


@dataclass(frozen=True, slots=True)
class Form:
    """One row of notices.toml."""

    name: str
    title: str
    lead: str
    body: str
    series: bool

    def slots(self) -> list[str]:
        return sorted({found[0] for found in _SLOT.finditer(f"{self.title}{self.lead}{self.body}")})

    def fill(self, values: Mapping[str, str], published: date) -> Text:
        title, lead, body = (
            _SLOT.sub(lambda found: values[found[0]], part).strip() for part in (self.title, self.lead, self.body)
        )
        return Text(title, lead, body, published)


def forms() -> tuple[Form, ...]:
    rows = tomllib.loads((Path(__file__).parent / "notices.toml").read_text(encoding="utf-8"))["form"]
    return tuple(Form(r["name"], r["title"], r["lead"], r["body"], r.get("series", False)) for r in rows)


def value(kind: str, rng: Random) -> str:
    """Something to fill a slot of this kind with."""
    draws = {
        "day": lambda: (
            f"{date(2025, 1, 6) + timedelta(rng.randrange(300)):{rng.choice(['%d/%m/%Y', '%d/%m/%Y', '%-d/%-m'])}}"
        ),
        "hour": lambda: f"{rng.randint(5, 18)} giờ {rng.choice(['', '15 phút', '30 phút', '45 phút'])}".strip(),
        "num": lambda: str(rng.choice([rng.randint(2, 60), rng.randint(2, 60), rng.randint(100, 25_000)])),
        "dec": lambda: f"{rng.randint(1, 30)},{rng.randint(1, 9)}",
        "money": lambda: f"{rng.randint(2, 990)}.{rng.randint(100, 990)}.000",
        "code": lambda: f"{rng.randint(10, 99)}{rng.choice('ABCDHKMX')}-{rng.randint(1000, 99_999)}",
        "phone": lambda: f"0{rng.randint(200, 989)}.{rng.randint(100, 999)}.{rng.randint(100, 999)}",
        "place": lambda: rng.choice(PLACES),
        "person": lambda: rng.choice(PEOPLE),
        "street": lambda: rng.choice(STREETS),
        "firm": lambda: rng.choice(FIRMS),
        "topic": lambda: rng.choice(TOPICS),
    }
    return draws[kind]()


def editions(form: Form, rng: Random, changed: int) -> tuple[Text, Text]:
    """Two texts of one form that differ in so many of its slots (0: in every one)."""
    kinds = {slot: _SLOT.fullmatch(slot)[1] for slot in form.slots()}  # type: ignore[index]
    first = {slot: value(kind, rng) for slot, kind in kinds.items()}
    figures = [slot for slot, kind in kinds.items() if kind in ("day", "hour", "num", "dec", "money", "code")]
    chosen = (
        list(kinds) if not changed else rng.sample(figures if changed == 1 else list(kinds), min(changed, len(figures)))
    )
    second = dict(first)
    for slot in chosen:
        while second[slot] == first[slot]:
            second[slot] = value(kinds[slot], rng)
    day = date(2025, 1, 6) + timedelta(rng.randrange(300))
    return form.fill(first, day), form.fill(second, day + timedelta(rng.choice([0, 1, 7, 30])))


def of_one_form(rng: Random, rounds: int) -> Iterator[tuple[str, Text, Text]]:
    """Editions of every form: other in every slot, in a few, in one figure or date."""
    for form in forms():
        for _ in range(rounds):
            kind = "series of running news" if form.series else "notices"
            yield (f"{kind}, all slots differ", *editions(form, rng, 0))
            yield (
                f"{kind}, some slots differ",
                *editions(form, rng, rng.randint(4, 6) if form.series else rng.randint(2, 4)),
            )
            if not form.series:
                yield ("notices, one figure or date differs", *editions(form, rng, 1))


def of_one_letterhead(texts: Sequence[Text], rng: Random, count: int) -> Iterator[tuple[str, Text, Text]]:
    """Short letters of one office: letterhead and signature are equal, what stands between is not."""
    for _ in range(count):
        one, other = (_letter(text, rng) for text in rng.sample(texts, 2))
        yield "letterhead alone is equal", one, other


def _letter(text: Text, rng: Random) -> Text:
    body = " ".join(sentences(text.body)[: rng.randint(2, 4)])
    return Text(text.title, "", f"{LETTERHEAD}\n{body}\n{SIGNATURE}")


def short_ones(texts: Sequence[Text], rng: Random, count: int) -> Iterator[tuple[str, Text, Text]]:
    """A text of a few lines, and the same with some words or the day of another."""
    for number in range(count):
        words = rng.choice(texts).body.split()[: rng.randint(20, 45)]
        other = list(words)
        if number % 2:
            other[rng.randrange(len(words))] = str(rng.randint(2, 99))
        yield (
            "short texts", Text("Thông báo", "", " ".join(words), date(2025, 3, 3)),
            Text("Thông báo", "", " ".join(other), date(2025, 3, 10)),
        )  # fmt: skip


def of_one_headline(texts: Sequence[Text], rng: Random, count: int) -> Iterator[tuple[str, Text, Text]]:
    for _ in range(count):
        one, other = rng.sample(texts, 2)
        yield "one headline, other text", one, replace(other, title=one.title)


def sharing_a_paragraph(
    texts: Sequence[Text], donor: Donor, rng: Random, count: int
) -> Iterator[tuple[str, Text, Text]]:
    """Two articles with one long statement in both: up to a third of the shorter one."""
    for _ in range(count):
        pair = rng.sample(texts, 2)
        most = min(len(text.body.split()) for text in pair) // 2
        quote = " ".join(donor.paragraph(rng) for _ in range(4)).split()[:most]
        one, other = (_with(text, " ".join(quote), rng) for text in pair)
        yield "one paragraph quoted by both", one, other


def _with(text: Text, paragraph: str, rng: Random) -> Text:
    paragraphs = text.body.split("\n")
    paragraphs.insert(rng.randint(0, len(paragraphs)), paragraph)
    return replace(text, body="\n".join(paragraphs))


def parts_of_one(texts: Sequence[Text], rng: Random, count: int) -> Iterator[tuple[str, Text, Text]]:
    """Two parts of one series: one topic, people and place, other sentences. `texts` cut from one article follow each
    other and bear its title."""
    runs = [list(run) for _, run in groupby(texts, key=lambda text: text.title)]
    many = [run for run in runs if len(run) > 1 and run[0].title]
    for _ in range(count if many else 0):
        one, other = rng.sample(rng.choice(many), 2)
        yield "two parts of one series", one, other
