"""Bylines, source lines and agency marks leave the text for their own fields."""

from __future__ import annotations

import pytest

from news.article import Block
from news.clean.agencies import take_agency_mark
from news.clean.credits import organisation, person, photographer, take_credits

PROSE = Block("paragraph", "Hội nghị kết thúc lúc 17 giờ cùng ngày, các đại biểu đã thông qua nghị quyết của kỳ họp.")


def tail(*lines: str, style: str = "") -> tuple[tuple[str, ...], str, str]:
    marks = frozenset([style]) if style else frozenset[str]()
    found = take_credits([PROSE, *(Block("paragraph", line, style=marks) for line in lines)])
    return tuple(block.text for block in found.blocks[1:]), found.author, found.source


@pytest.mark.parametrize(
    ("lines", "author", "source"),
    [
        (["Lê Anh"], "Lê Anh", ""),
        (
            ["Nguồn: Trung tâm Nghiên cứu và Phát triển truyền thông KH&CN"],
            "",
            "Trung tâm Nghiên cứu và Phát triển truyền thông KH&CN",
        ),
        (["Hà Thu (tổng hợp)"], "Hà Thu", "tổng hợp"),
        (["Theo TTXVN"], "", "TTXVN"),
        (["(Theo Báo Nhân Dân)"], "", "Báo Nhân Dân"),
        (["Tác giả: Nguyễn Văn Bình", "Nguồn tin: Báo Tây Ninh"], "Nguyễn Văn Bình", "Báo Tây Ninh"),
        (["Bài và ảnh: Minh Đức"], "Minh Đức", ""),
        (["Minh Đức - Thu Hà"], "Minh Đức; Thu Hà", ""),
        (["Ảnh: Hoàng Phong", "Lê Anh"], "Lê Anh", ""),
        (["BBT (tổng hợp)", "Theo TTXVN"], "", "TTXVN"),
        (["Thu Hà - TTXVN"], "Thu Hà", "TTXVN"),
        (["Theo chinhphu.vn"], "", "chinhphu.vn"),
        (["(Theo TTXVN, Báo Nhân Dân)"], "", "TTXVN, Báo Nhân Dân"),
        (["Nguồn: https://www.baochinhphu.vn/hop-bao-102.htm"], "", "baochinhphu.vn"),
        (["Tin, ảnh: Minh Đức, Thu Hà"], "Minh Đức; Thu Hà", ""),
        (["Tác giả: Thu Hà", "Biên tập: Văn Nam"], "Thu Hà", ""),
        (["Tin bài: Thu Hà", "Nguồn ảnh: Internet"], "Thu Hà", ""),
        (["Hoàng Anh/TTXVN"], "Hoàng Anh", "TTXVN"),
        (["(TTXVN/Vietnam+)"], "", "TTXVN/Vietnam+"),
        (["Theo Hồ Hương/Báo Đại Đoàn Kết"], "Hồ Hương", "Báo Đại Đoàn Kết"),
        (["Hoàng Anh (t/h)"], "Hoàng Anh", "tổng hợp"),
        (["Kim Ngân (thực hiện)"], "Kim Ngân", ""),
        (["Người đăng: quantri"], "", ""),
    ],
)
def test_the_last_lines_name_author_and_source(lines: list[str], author: str, source: str) -> None:
    assert tail(*lines) == ((), author, source)


@pytest.mark.parametrize(
    ("line", "author", "source"),
    [
        ("CTV Hoàng Anh", "Hoàng Anh", ""),
        ("Tin ảnh Lê Hoa", "Lê Hoa", ""),
        ("Kim Oanh-Văn Hải", "Kim Oanh; Văn Hải", ""),
        ("Lê Hoa, Trung tâm VHTT&TT", "Lê Hoa, Trung tâm VHTT&TT", ""),
        ("Ban Tuyên giáo Tỉnh ủy", "", "Ban Tuyên giáo Tỉnh ủy"),
    ],
)
def test_a_last_line_set_to_the_right_is_a_byline(line: str, author: str, source: str) -> None:
    assert tail(line, style="right") == ((), author, source)


def test_whoever_signs_for_an_office_is_no_author() -> None:
    signed = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn An")
    assert tail(*signed, style="right") == (signed, "", "")


@pytest.mark.parametrize(
    "line",
    [
        "Hội nghị bế mạc.",
        "Thực hiện: 5 nhiệm vụ trọng tâm",
        "Tác giả: trình bày & thảo luận",
        "Bài: Một mùa xuân mới",
        "Cập nhật: đến 27/06/2025, đơn vị đã bổ sung 31 ý kiến góp ý.",
        "Video: người dân kể lại giây phút cơn lốc quét qua xóm nhỏ bên sông lúc nửa đêm.",
        "Theo kế hoạch, dự án sẽ hoàn thành trong quý 1.",
        "Theo Bộ trưởng, đây là bước đi đúng, cần nhân rộng ra cả nước.",
        "Việt Nam",
        "Trân trọng",
        "Điều 5",
    ],
)
def test_a_last_sentence_stays(line: str) -> None:
    assert tail(line) == ((line,), "", "")


@pytest.mark.parametrize(
    ("lead", "rest", "agency"),
    [
        ("NDO - Chiều 20/1, tại Trụ sở", "Chiều 20/1, tại Trụ sở", "NDO"),
        ("(Chinhphu.vn) - Sáng 5/3", "Sáng 5/3", "Chinhphu.vn"),
        ("(NLĐO)- Hôm nay", "Hôm nay", "NLĐO"),
        ("TPHCM - Sáng nay", "TPHCM - Sáng nay", ""),
        ("Ngày 28/6/2019 tại Hà Nội", "Ngày 28/6/2019 tại Hà Nội", ""),
        ("BHG - Sáng 5/3, Tỉnh ủy", "Sáng 5/3, Tỉnh ủy", "BHG"),
        ("BTT – Ủy ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh", "BTT"),
        ("ĐBND - Chiều nay, Quốc hội", "Chiều nay, Quốc hội", "ĐBND"),
        ("(TTXVN) - Ngày 5/3", "Ngày 5/3", "TTXVN"),
        ("(TTXVN) Ngày 5/3", "Ngày 5/3", "TTXVN"),
        ("Baotintuc.vn - Ngày 5/3", "Ngày 5/3", "Baotintuc.vn"),
        ("TP.HCM - Sáng nay, thành phố", "TP.HCM - Sáng nay, thành phố", ""),
        ("(Hà Nội) - Sáng nay", "(Hà Nội) - Sáng nay", ""),
        ("ASEAN - Trung Quốc ký tuyên bố", "ASEAN - Trung Quốc ký tuyên bố", ""),
        ("HĐND - UBND tỉnh họp", "HĐND - UBND tỉnh họp", ""),
        ("GRDP - chỉ số của tỉnh", "GRDP - chỉ số của tỉnh", ""),
        ("Hội nghị - Triển lãm lần thứ hai khai mạc", "Hội nghị - Triển lãm lần thứ hai khai mạc", ""),
        ("(2025) - năm bản lề", "(2025) - năm bản lề", ""),
    ],
)
def test_an_agency_mark_leaves_the_lead(lead: str, rest: str, agency: str) -> None:
    assert take_agency_mark(lead) == (rest, agency)


def test_fields_lose_their_labels() -> None:
    assert person("Tác giả: Lê Anh") == "Lê Anh"
    assert person("Theo Hồ Hương") == "Hồ Hương"
    assert organisation("Nguồn tin: Báo Tây Ninh") == "Báo Tây Ninh"
    assert photographer("Một dự án của FLC. Ảnh: Hồng Khanh") == "Hồng Khanh"
    assert photographer("Quang cảnh lễ hội (Ảnh Thu Hà)") == "Thu Hà"
    assert photographer("Quang cảnh lễ hội. Nguồn: TTXVN") == "TTXVN"
    assert photographer("Lãnh đạo tỉnh chụp ảnh lưu niệm") == ""


@pytest.mark.parametrize(
    "line", ["Tác giả: &", "Tác giả: / ;", "&", "(/)", "Theo /", "Nguồn: http://[", "Bài: (", "- / -"]
)
def test_a_line_of_marks_breaks_nothing(line: str) -> None:
    for style in ("", "right", "bold"):
        assert isinstance(tail(line, style=style), tuple)
