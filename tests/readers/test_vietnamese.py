"""Old Vietnamese encodings, syllables, torn words."""

from __future__ import annotations

import pytest

from extractors.lexicon import load
from pipeline.readers import read_bytes
from pipeline.readers.vietnamese import decode_legacy, is_syllable, is_vietnamese, mend_words

TEXT = (
    "Sở Kế hoạch và Đầu tư chủ trì, phối hợp với Sở Tài chính, Uỷ ban nhân dân các huyện kiểm tra tiến độ giải ngân; "
    "định kỳ ngày 20 hằng tháng tổng hợp kết quả, gửi về Văn phòng để báo cáo Chủ tịch xem xét, quyết định."
)


def old(text: str, encoding: str) -> str:
    """Write a text in an old encoding, as its bytes look in Windows-1252."""
    table = {meant: seen for seen, meant in (pair.split(" ") for pair in load("vi", "encodings").words[encoding])}
    if encoding == "vni":
        table |= {meant.upper(): seen.upper() for meant, seen in table.items()}
    return "".join(table.get(letter, letter) for letter in text)


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_an_old_encoding_is_told_by_its_syllables(encoding: str) -> None:
    assert decode_legacy(old(TEXT, encoding)) == (TEXT, encoding)


def test_several_encodings_in_one_text_are_told_line_by_line() -> None:
    mixed = "\n".join((old(TEXT, "tcvn3"), TEXT, old(TEXT, "vni")))
    assert decode_legacy(mixed) == (f"{TEXT}\n{TEXT}\n{TEXT}", "tcvn3+vni")


def test_short_cells_follow_the_text_around_them() -> None:
    assert decode_legacy(f"{old(TEXT, 'tcvn3')}\n{old('Phụ lục 3', 'tcvn3')}")[0].endswith("\nPhụ lục 3")


def test_capital_fonts_give_capitals() -> None:
    line = "CéNG HOµ X· HéI CHñ NGHÜA VIÖT NAM"
    assert decode_legacy(f"{old(TEXT, 'tcvn3')}\n{line}")[0].endswith("\nCỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert decode_legacy(f"{old(TEXT, 'tcvn3')}\nBé KH&CN")[0].endswith("\nBộ KH&CN")


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Le résumé de l'élève, déjà prêt à être envoyé: la thèse, le café, où ça.",
        "El niño está aquí mañana; ¿qué pasó con la reunión del año próximo?",
        "Der Schlüssel für die Tür hängt über dem Gerät; Straße, Öl und Äpfel.",
        "Приказ № 5 «О мерах» — §§ 3–4, ±5 %, 20 °C",
        "Наименование ¦ Адрес ¦ Сумма ¦ Назначение",
    ],
)
def test_other_texts_are_left_as_they_are(text: str) -> None:
    assert decode_legacy(text) == (text, "")


def test_the_number_of_lines_stays() -> None:
    text = f"\n\n{old(TEXT, 'vni')}\n\n1\n"
    assert decode_legacy(text)[0].count("\n") == text.count("\n")


@pytest.mark.parametrize("word", ["nghiệm", "quốc", "giếng", "hòa", "hoà", "thuý", "ướt", "ỷ", "Điều", "yếu"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["quàc", "bácg", "xpà", "ặôc", "résumé"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("hoàn thiện cơ ch ế, chính sách", "hoàn thiện cơ chế, chính sách"),
        ("nhi ệm vụ ti ến độ thư ờng xuyên", "nhiệm vụ tiến độ thường xuyên"),
        ("báo cáo v ề việc này", "báo cáo về việc này"),
        ("tại điểm c ưu tiên", "tại điểm c ưu tiên"),
        ("các đơn vị ấy và cơ quan ông quản lý", "các đơn vị ấy và cơ quan ông quản lý"),
        ("HĐ ủy thác, tổ ấm, chi ủy, thi ảnh", "HĐ ủy thác, tổ ấm, chi ủy, thi ảnh"),
        ("Ðiều 1. Ðối tượng", "Điều 1. Đối tượng"),
    ],
)
def test_torn_words_are_mended_where_that_is_sure(torn: str, whole: str) -> None:
    assert mend_words(torn) == whole


def test_a_language_is_told_by_its_marked_words() -> None:
    assert is_vietnamese(TEXT)
    assert not is_vietnamese("The Ministry of Culture and the party committee of Đà Nẵng city held a meeting there.")


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_text_files_in_old_encodings_are_read(encoding: str) -> None:
    document = read_bytes("cu.txt", old(f"{TEXT}\nPhòng Nội vụ báo cáo.", encoding).encode("latin-1"))[0]
    assert document.text == f"{TEXT}\nPhòng Nội vụ báo cáo."
    assert ("encoding", encoding) in document.metadata
