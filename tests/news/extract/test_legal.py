"""Legal documents named in a text have one number each, whoever writes it and how."""

from __future__ import annotations

from datetime import date

import pytest

from news.extract.legal import documents


@pytest.mark.parametrize(
    ("text", "number", "kind", "issued"),
    [
        ("Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị", "57-NQ/TW", "Nghị quyết", date(2024, 12, 22)),
        ("theo Nghị quyết số 57- NQ/TW.", "57-NQ/TW", "Nghị quyết", None),
        ("Nghị quyết số 20 -NQ/TW (tháng 11/2012)", "20-NQ/TW", "Nghị quyết", None),
        ("kết luận số 50-KL/TW ngày 30/5/2019", "50-KL/TW", "Kết luận", date(2019, 5, 30)),
        ("Chỉ thị số 16/CT-TTg về việc", "16/CT-TTg", "Chỉ thị", None),
        ("Nghị định 13/2023/NĐ-CP", "13/2023/NĐ-CP", "Nghị định", None),
        ("(số 1131/QĐ-TTg)", "1131/QĐ-TTg", "Quyết định", None),
        ("Thông tư 01/2024/TT-BKHCN", "01/2024/TT-BKHCN", "Thông tư", None),
        ("Luật số 31/2024/QH15", "31/2024/QH15", "Luật", None),
        ("Kế hoạch 15/KH-UBND ngày 3 tháng 2 năm 2024", "15/KH-UBND", "Kế hoạch", date(2024, 2, 3)),
    ],
)
def test_a_document_is_known_by_one_form(text: str, number: str, kind: str, issued: date | None) -> None:
    assert documents(text) == ((number, kind, issued),)


def test_several_mentions_are_one_document_with_what_any_of_them_states() -> None:
    found = documents("Quyết định 5/QĐ-UBND đã rõ. Quyết định số 5/QĐ-UBND ngày 1/2/2024 nêu lại.")
    assert [(d.number, d.issued) for d in found] == [("5/QĐ-UBND", date(2024, 2, 1))]


@pytest.mark.parametrize(
    "text", ["giai đoạn 2020-2025/2026", "sân 5-7/A", "đạt 57-60 tạ/ha", "ngày 22/12/2024", "TCVN 9001-2015"]
)
def test_figures_are_no_documents(text: str) -> None:
    assert documents(text) == ()
