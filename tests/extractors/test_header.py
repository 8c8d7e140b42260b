"""Headers of papers of many offices and layouts, and every example of the header rules."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.lexicon import Example, Rule, languages, load
from models.errors import messages
from models.records import Box, Word
from tests.extractors.papers import header

RULES = [(language, rule) for language in languages() for rule in load(language, "header").rules]
TAKES = [pytest.param(rule, example, id=f"{rule.id}:{example.text}") for _, rule in RULES for example in rule.takes]
LEAVES = [pytest.param(rule, text, id=f"{rule.id}:{text}") for _, rule in RULES for text in rule.leaves]


@pytest.mark.parametrize(("rule", "example"), TAKES)
def test_takes(rule: Rule, example: Example) -> None:
    match = rule.pattern.search(example.text)
    assert match
    assert {name: match[name] for name in example.values} == dict(example.values)


@pytest.mark.parametrize(("rule", "text"), LEAVES)
def test_leaves(rule: Rule, text: str) -> None:
    assert not rule.pattern.search(text)


DECISION_WITH_PLAN = """
BỘ Y TẾ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 8 1 2 /QĐ-BYT
Hà Nội, ngày 0 7 tháng 3 năm 2026
QUYẾT ĐỊNH
Ban hành Kế hoạch phòng, chống sốt xuất huyết
và bệnh tay chân miệng năm 2026
BỘ TRƯỞNG BỘ Y TẾ
Căn cứ Nghị định số 42/2025/NĐ-CP ngày 27 tháng 02 năm 2025 của Chính phủ;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Kế hoạch.
Nơi nhận:
- Như Điều 3;
- Lưu: VT.
KT. BỘ TRƯỞNG
THỨ TRƯỞNG
(Đã ký)
Đoàn Thị Lụa
KẾ HOẠCH
Phòng, chống sốt xuất huyết
(Ban hành kèm theo Quyết định số 812/QĐ-BYT ngày 07 tháng 3 năm 2026)
"""


def test_decision_with_its_plan() -> None:
    found = header(DECISION_WITH_PLAN)
    assert (found.language, found.type, found.number, found.date) == ("vi", "decision", "812/QĐ-BYT", date(2026, 3, 7))
    assert found.issuer == "BỘ Y TẾ"
    assert found.title == "Ban hành Kế hoạch phòng, chống sốt xuất huyết và bệnh tay chân miệng năm 2026"
    assert found.signer == "Đoàn Thị Lụa"
    assert [reference.number for reference in found.references] == ["42/2025/NĐ-CP"]
    assert found.reasons == ()
    assert "vi.head.kind" in found.rules


def test_columns_side_by_side_and_superior_above_issuer() -> None:
    found = header("""
UBND TỈNH BẮC SƠN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ LAO ĐỘNG - THƯƠNG BINH          Độc lập - Tự do - Hạnh phúc
VÀ XÃ HỘI
Số: 43 /TB-SLĐTBXH          Bắc Sơn, ngay 10 tháng 6 năm 2019
THÔNG BÁO
Kết luận của Giám đốc Sở tại cuộc họp giao ban
1. Phòng Việc làm báo cáo trước ngày 30/6/2019.""")
    assert (found.type, found.number, found.date) == ("notice", "43/TB-SLĐTBXH", date(2019, 6, 10))
    assert found.issuer == "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    assert found.title == "Kết luận của Giám đốc Sở tại cuộc họp giao ban"


def test_party_letter_with_list_of_addressees() -> None:
    found = header("""
TỈNH ỦY BẮC SƠN
*
Số 45-CV/TU
ĐẢNG CỘNG SẢN VIỆT NAM
Bắc Sơn, ngày 3 tháng 3 năm 2023
V/v thực hiện Kết luận số 12-KL/TW
Kính gửi:  - Ban Thường vụ các huyện ủy,
- Các ban đảng Tỉnh ủy,
- Đảng ủy Công an tỉnh.
Thực hiện Kết luận số 12-KL/TW ngày 01/02/2023 của Bộ Chính trị, Tỉnh ủy yêu cầu:
1. Tổ chức học tập trước ngày 30/4/2023.
T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ
Lò Thị Mỷ""")
    assert (found.type, found.number, found.issuer) == ("letter", "45-CV/TU", "TỈNH ỦY BẮC SƠN")
    assert found.title == "V/v thực hiện Kết luận số 12-KL/TW"
    assert found.addressees == ("Ban Thường vụ các huyện ủy", "Các ban đảng Tỉnh ủy", "Đảng ủy Công an tỉnh")
    assert found.signer == "Lò Thị Mỷ"


@pytest.mark.parametrize(
    ("number_line", "date_line", "number", "day", "reasons"),
    [
        ("Số:      /QĐ-UBND", "ngày     tháng     năm 2026", "/QĐ-UBND", None, ("number-missing", "date-missing")),
        ("Số: 12/QĐ-UBND", "ngày     tháng 6 năm 2026", "12/QĐ-UBND", None, ("date-missing",)),
        ("Số: 12/QĐ-UBND", "ngày 31 tháng 02 năm 2026", "12/QĐ-UBND", None, ("date-impossible",)),
        ("Số: ......./QĐ-UBND", "ngày 3 tháng 02 năm 2026", "/QĐ-UBND", date(2026, 2, 3), ("number-missing",)),
        ("Số:", "ngày 3 tháng 02 năm 2026", "", date(2026, 2, 3), ("number-missing",)),
    ],
)
def test_blank_number_and_date(
    number_line: str, date_line: str, number: str, day: date | None, reasons: tuple[str, ...]
) -> None:
    found = header(f"""
ỦY BAN NHÂN DÂN
XÃ TÂN LẬP
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
{number_line}
Tân Lập, {date_line}
QUYẾT ĐỊNH
Về việc thành lập Tổ công tác
Căn cứ Quyết định số 99/QĐ-UBND ngày 01/01/2026;""")
    assert (found.number, found.date) == (number, day)
    assert found.reasons == tuple(f"header-{reason}" for reason in reasons)
    assert found.issuer == "ỦY BAN NHÂN DÂN XÃ TÂN LẬP"


def test_every_reason_has_a_message() -> None:
    codes = ("number-missing", "date-missing", "date-impossible", "date-ambiguous", "number-doubtful", "date-doubtful")
    assert all(set(messages()[f"header-{code}"]) == set(languages()) for code in codes)


def test_no_number_is_taken_from_a_basis_or_a_cited_paper() -> None:
    found = header("""
Chỉ thị về việc thực hiện Quyết định số 12/QĐ-TTg ngày 03 tháng 01 năm 2024
Thực hiện Quyết định số 12/QĐ-TTg ngày 03 tháng 01 năm 2024, Bộ trưởng yêu cầu:
1. Cục Đường bộ rà soát.""")
    assert (found.type, found.number, found.date, found.reasons) == ("directive", "", None, ())
    assert found.title == "Chỉ thị về việc thực hiện Quyết định số 12/QĐ-TTg ngày 03 tháng 01 năm 2024"


def test_poorly_read_number_is_doubtful() -> None:
    text = "Số: 12/QĐ-UBND\nTân Lập, ngày 3 tháng 2 năm 2026\nQUYẾT ĐỊNH\nVề việc phân công\nCăn cứ Luật Đất đai;"
    words = tuple(
        Word(text.index(word), text.index(word) + len(word), Box(1, 0, 0, 1, 1), confidence)
        for word, confidence in (("12/QĐ-UBND", 0.4), ("Tân", 0.9))
    )
    found = header(text, words=words)
    assert (found.number, found.date) == ("12/QĐ-UBND", date(2026, 2, 3))
    assert found.reasons == ("header-number-doubtful",)


def test_annex_alone_takes_number_and_date_of_its_paper() -> None:
    found = header("""
Phụ lục II
Quy trình nghiệm thu đề tài
(Kèm theo Quyết định số 13/2004/QĐ-BKH ngày 25/5/2004 của Bộ trưởng)
I. Nghiệm thu cơ sở""")
    assert (found.number, found.date, found.title) == (
        "13/2004/QĐ-BKH",
        date(2004, 5, 25),
        "Quy trình nghiệm thu đề tài",
    )


def test_article_reports_a_dispatch() -> None:
    found = header(
        """
Thủ tướng yêu cầu đẩy nhanh tiến độ cao tốc
Thủ tướng Chính phủ vừa ban hành Công điện số 24/CĐ-TTg ngày 11/3/2024 về đẩy nhanh các dự án cao tốc.
Theo đó, Bộ Giao thông vận tải rà soát, hoàn thành trước ngày 30/4/2024.""",
        metadata=(("published", "12/03/2024"),),
    )
    assert (found.type, found.number, found.date) == ("dispatch", "24/CĐ-TTg", date(2024, 3, 11))
    assert found.title == "Thủ tướng yêu cầu đẩy nhanh tiến độ cao tốc"


@pytest.mark.parametrize(
    ("lead", "number", "day"),
    [
        ("On March 25, the Board of Dams issued Notice No. 7-TB/BD on sluices.", "7-TB/BD", date(2025, 3, 25)),
        ("Deputy Minister Le An signed Decision No. 31/QD-BD promulgating the plan.", "31/QD-BD", date(2025, 3, 28)),
        ("The plan implements Decision No. 31/QD-BD of the Board.", "", date(2025, 3, 28)),
        ("On May 2, 2023, the Board of Dams issued Notice No. 7-TB/BD on sluices.", "", date(2025, 3, 28)),
    ],
)
def test_english_article(lead: str, number: str, day: date) -> None:
    found = header(f"Sluices to be checked\n{lead}", metadata=(("published", "28/03/2025"),))
    assert (found.number, found.date, found.title) == (number, day, "Sluices to be checked")


def test_article_dated_by_its_address_only() -> None:
    found = header(
        "Плотины проверят до мая\nМинистерство поручило проверить плотины и представить отчёт.",
        metadata=(("source", "https://news.example/plotiny-20251025160204462.htm"),),
    )
    assert (found.language, found.date) == ("ru", date(2025, 10, 25))
