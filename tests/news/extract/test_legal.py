"""Legal documents named in a text have one number each, whoever writes it and how."""

from __future__ import annotations

from datetime import date

import pytest

from news.extract.legal import documents

CP, TTG, TW, BCT = "Chính phủ", "Thủ tướng Chính phủ", "Trung ương Đảng", "Bộ Chính trị"


@pytest.mark.parametrize(
    ("text", "number", "kind", "issued", "issuer"),
    [
        ("Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị", "57-NQ/TW", "Nghị quyết", date(2024, 12, 22), BCT),
        ("theo Nghị quyết số 57- NQ/TW.", "57-NQ/TW", "Nghị quyết", None, TW),
        ("Nghị quyết số 20 -NQ/TW (tháng 11/2012)", "20-NQ/TW", "Nghị quyết", None, TW),
        ("Nghị quyết 57/NQ-TW của Bộ Chính trị ngày 22-12-2024", "57-NQ/TW", "Nghị quyết", date(2024, 12, 22), BCT),
        ("kết luận số 50-KL/TW ngày 30/5/2019", "50-KL/TW", "Kết luận", date(2019, 5, 30), TW),
        ("kết luận 50–KL/TW của Ban Bí thư", "50-KL/TW", "Kết luận", None, "Ban Bí thư"),
        ("Quy định số 41-QĐ/TW", "41-QĐ/TW", "Quy định", None, TW),
        ("Quyết định số 244-QĐ/TW", "244-QĐ/TW", "Quyết định", None, TW),
        ("Chỉ thị số 16/CT-TTg về việc", "16/CT-TTg", "Chỉ thị", None, TTG),
        ("Nghị định 13/2023/NĐ-CP", "13/2023/NĐ-CP", "Nghị định", None, CP),
        ("nghị định 13/2023/nđ-cp", "13/2023/NĐ-CP", "Nghị định", None, CP),
        ("Nghị định 13/2023/NÐ-CP", "13/2023/NĐ-CP", "Nghị định", None, CP),
        ("Nghị quyết số 30/NQ–CP ngày 07 tháng 3 năm 2024", "30/NQ-CP", "Nghị quyết", date(2024, 3, 7), CP),
        ("(số 1131/QĐ-TTg)", "1131/QĐ-TTg", "Quyết định", None, TTG),
        ("Quyết định số 1131/QĐ -TTg ngày 12/6/2025", "1131/QĐ-TTg", "Quyết định", date(2025, 6, 12), TTG),
        ("Quyết định 1131/QĐ-TTG", "1131/QĐ-TTg", "Quyết định", None, TTG),
        ("Thông tư 01/2024/TT-BKHCN", "01/2024/TT-BKHCN", "Thông tư", None, "Bộ Khoa học và Công nghệ"),
        ("Thông tư 01/2024/TT-BKH&CN", "01/2024/TT-BKHCN", "Thông tư", None, "Bộ Khoa học và Công nghệ"),
        ("Luật số 31/2024/QH15", "31/2024/QH15", "Luật", None, "Quốc hội khóa 15"),
        ("Bộ luật số 91/2015/QH13", "91/2015/QH13", "Bộ luật", None, "Quốc hội khóa 13"),
        ("Nghị quyết 1211/2016/UBTVQH13", "1211/2016/UBTVQH13", "Nghị quyết", None,
         "Ủy ban Thường vụ Quốc hội khóa 13"),
        ("Quyết định 12/2024/QĐ-UBND của UBND tỉnh Thanh Hóa quy định", "12/2024/QĐ-UBND", "Quyết định", None,
         "UBND tỉnh Thanh Hóa"),
        ("Kế hoạch số 123/KH-UBND ngày 5 tháng 3 năm 2025", "123/KH-UBND", "Kế hoạch", date(2025, 3, 5),
         "Ủy ban nhân dân"),
        ("Công văn 1234/BKHCN-VP", "1234/BKHCN-VP", "Công văn", None, "Bộ Khoa học và Công nghệ"),
        ("văn bản hỏa tốc 871/UBND-NC", "871/UBND-NC", "Công văn", None, "Ủy ban nhân dân"),
        ("Thông tư liên tịch 01/2015/TTLT-BTP-BCA", "01/2015/TTLT-BTP-BCA", "Thông tư liên tịch", None,
         "Bộ Tư pháp; Bộ Công an"),
        ("Văn bản hợp nhất 12/VBHN-VPQH", "12/VBHN-VPQH", "Văn bản hợp nhất", None, "Văn phòng Quốc hội"),
        ("Quyết định 3456/QĐ-BNN-TCLN", "3456/QĐ-BNN-TCLN", "Quyết định", None,
         "Bộ Nông nghiệp và Phát triển nông thôn"),
        ("Quyết định số 15a/QĐ-UBND", "15a/QĐ-UBND", "Quyết định", None, "Ủy ban nhân dân"),
        ("Công điện số 5/CĐ-TTg", "05/CĐ-TTg", "Công điện", None, TTG),
        ("Ngày 22/12/2024, Bộ Chính trị đã ban hành Nghị quyết số 57-NQ/TW", "57-NQ/TW", "Nghị quyết",
         date(2024, 12, 22), TW),
        ("Nghị quyết số 66.7/2025/NQ-CP", "66.7/2025/NQ-CP", "Nghị quyết", None, CP),
        ("Nghị quyết số 60-NQ/TW ngày 12/4/2025 của Hội nghị lần thứ 11 Ban Chấp hành Trung ương Đảng", "60-NQ/TW",
         "Nghị quyết", date(2025, 4, 12), "Ban Chấp hành Trung ương Đảng"),
        ("Nghị quyết liên tịch 403/2017/NQLT-UBTVQH14-CP-ĐCTUBTWMTTQVN", "403/2017/NQLT-UBTVQH14-CP-ĐCTUBTWMTTQVN",
         "Nghị quyết liên tịch", None, "Ủy ban Thường vụ Quốc hội; Chính phủ; Đoàn Chủ tịch Ủy ban Trung ương Mặt trận"
         " Tổ quốc Việt Nam"),
        ("Chương trình hành động số 12-CTr/TU", "12-CTr/TU", "Chương trình", None, "Tỉnh ủy, Thành ủy"),
    ],
)  # fmt: skip
def test_a_document_is_known_by_one_form(text: str, number: str, kind: str, issued: date | None, issuer: str) -> None:
    assert documents(text) == ((number, kind, issued, issuer),)


def test_several_mentions_are_one_document_with_what_any_of_them_states() -> None:
    found = documents("Quyết định 5/QĐ-UBND đã rõ. Quyết định số 05/QĐ-UBND ngày 1/2/2024 của UBND xã Hà Long nêu lại.")
    assert found == (("05/QĐ-UBND", "Quyết định", date(2024, 2, 1), "UBND xã Hà Long"),)


def test_a_list_of_numbers_shares_the_kind_before_it() -> None:
    found = documents("các Nghị quyết số 98/2023/QH15 và 103/2023/QH15; các Nghị định số 13/2023/NĐ-CP, 14/2024/NĐ-CP")
    assert [(d.kind, d.number) for d in found] == [
        ("Nghị quyết", "98/2023/QH15"),
        ("Nghị quyết", "103/2023/QH15"),
        ("Nghị định", "13/2023/NĐ-CP"),
        ("Nghị định", "14/2024/NĐ-CP"),
    ]


def test_a_day_of_another_year_than_the_numbers_is_somebody_elses() -> None:
    assert documents("theo Nghị định 13/2023/NĐ-CP, ngày 22/12/2024 đoàn đến kiểm tra")[0].issued is None


def test_a_dash_behind_a_number_is_none_of_it() -> None:
    assert [d.number for d in documents("Nghị quyết 57-NQ/TW - Động lực mới")] == ["57-NQ/TW"]
    assert [d.number for d in documents("Quyết định 1131/QĐ-TTg - TP Huế")] == ["1131/QĐ-TTg"]


@pytest.mark.parametrize(
    "text",
    [
        "giai đoạn 2020-2025/2026", "sân 5-7/A", "đạt 57-60 tạ/ha", "ngày 22/12/2024", "TCVN 9001-2015",
        "biển số 29A-123.45", "số điện thoại 0237.3852.246", "tỷ số 2-1/hiệp hai", "nhà số 12/A-B đường Lê Lợi",
        "tỷ lệ 3/4", "xe 51F-678.90/TP.HCM", "tiêu chuẩn ISO 9001/2015", "5 kg/con", "công suất 110/22 kV-A",
    ],
)  # fmt: skip
def test_figures_are_no_documents(text: str) -> None:
    assert documents(text) == ()
