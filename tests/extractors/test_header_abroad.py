"""Headers of Russian and English papers; the language of a paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extractors.header import detect_language, read_header
from models.records import Language
from tests.extractors.papers import header, paper


def test_government_resolution() -> None:
    found = header("""
ПРАВИТЕЛЬСТВО ЗАРЕЧНОЙ РЕСПУБЛИКИ
П О С Т А Н О В Л Е Н И Е
от 3 марта 2022 г. № 286-п
МОСКВА
О внесении изменений в некоторые акты
Правительства Заречной Республики
Правительство Заречной Республики постановляет:
1. Утвердить прилагаемые изменения (от 1 мая 2020 г. № 5).
Председатель Правительства
Заречной Республики      М.Лосев
Приложение
к постановлению от 3 марта 2022 г. № 286-п""")
    assert (found.type, found.number, found.date) == ("resolution", "286-п", date(2022, 3, 3))
    assert found.issuer == "ПРАВИТЕЛЬСТВО ЗАРЕЧНОЙ РЕСПУБЛИКИ"
    assert found.title == "О внесении изменений в некоторые акты Правительства Заречной Республики"
    assert found.signer == "М.Лосев"


def test_date_and_number_below_the_signature() -> None:
    found = header("""
РАСПОРЯЖЕНИЕ
ГУБЕРНАТОРА ЗАРЕЧНОЙ ОБЛАСТИ
1. Выделить средства в IV квартале 2002 г.
Губернатор Заречной области      В.Лосев
23 сентября 2002 года
N 450-рг
ПРИЛОЖЕНИЕ
к распоряжению Губернатора от 24 сентября 2003 г. N 451-рг""")
    assert (found.type, found.number, found.date) == ("order", "450-рг", date(2002, 9, 23))
    assert (found.issuer, found.signer) == ("ГУБЕРНАТОРА ЗАРЕЧНОЙ ОБЛАСТИ", "В.Лосев")


def test_kind_issuer_date_and_number_in_one_line() -> None:
    found = header("""
Постановление Кабинета Министров Заречной Республики от 19 июля 2014 г. N 512
"Об утверждении программы"
Во исполнение Указа Президента от 11 апреля 2014 года N 226:
1. Утвердить программу.""")
    assert (found.number, found.date, found.title) == ("512", date(2014, 7, 19), '"Об утверждении программы"')
    assert found.issuer == "Кабинета Министров Заречной Республики"
    assert [reference.number for reference in found.references] == ["226"]


def test_russian_letter() -> None:
    found = header("""
МИНИСТЕРСТВО ТРАНСПОРТА
ЗАРЕЧНОЙ РЕСПУБЛИКИ
тел. (8212) 25-55-55
12.04.2023 № 04-15/1187
На № 33 от 01.04.2023
Руководителям администраций
муниципальных районов
О подготовке к паводку
Уважаемые коллеги!
Просим до 1 мая 2023 г. представить сведения.
Министр А.И. Кузнецов""")
    assert (found.type, found.number, found.date) == ("letter", "04-15/1187", date(2023, 4, 12))
    assert found.issuer == "МИНИСТЕРСТВО ТРАНСПОРТА ЗАРЕЧНОЙ РЕСПУБЛИКИ"
    assert found.addressees == ("Руководителям администраций муниципальных районов",)
    assert (found.title, found.signer) == ("О подготовке к паводку", "А.И. Кузнецов")


def test_plan_under_an_approval_stamp() -> None:
    found = header("""
«УТВЕРЖДАЮ»
Директор МБУ «Причал»
_____________________М.В. Лосев
Приказ № 01.04/81 «27» августа 2019 г.
ПЛАН РАБОТЫ
на 2019-2020 учебный год
1. Задачи""")
    assert (found.type, found.number, found.date) == ("plan", "01.04/81", date(2019, 8, 27))
    assert (found.issuer, found.signer) == ("МБУ «Причал»", "М.В. Лосев")
    assert found.title == "ПЛАН РАБОТЫ на 2019-2020 учебный год"


def test_blank_russian_number_and_day() -> None:
    found = header("""
АДМИНИСТРАЦИЯ ЗАРЕЧНОГО РАЙОНА
РАСПОРЯЖЕНИЕ
«___» __________ 2024 г.      № ____
с. Заречное
О проведении субботника
В целях благоустройства территории (распоряжение от 01.02.2023 № 7):
И.о. главы района                         Т.Н. Белова""")
    assert (found.number, found.date) == ("", None)
    assert found.reasons == ("header-number-missing", "header-date-missing")
    assert (found.title, found.signer) == ("О проведении субботника", "Т.Н. Белова")


def test_executive_order() -> None:
    found = header("""
Presidential Documents
Executive Order 15001 of June 6, 2031
Unleashing Canal Traffic
By the authority vested in me as President, it is hereby ordered:
Section 1. Purpose. Executive Order 14999 of May 1, 2031, is revoked.
THE WHITE HOUSE,
June 6, 2031.""")
    assert (found.type, found.number, found.date) == ("order", "15001", date(2031, 6, 6))
    assert (found.title, found.issuer) == ("Unleashing Canal Traffic", "THE WHITE HOUSE")
    assert [reference.number for reference in found.references] == ["Executive Order 14999"]


def test_memorandum() -> None:
    found = header("""
BUREAU OF CANALS
June 8, 2031
M-31-07
MEMORANDUM FOR THE HEADS OF OFFICES
FROM: Carla M. Ortiz, Director
SUBJECT: Reporting of Locks, Weirs and Tide-
Gates
1. Purpose. Memorandum M-30-02 of May 5, 2030 is replaced.
Very respectfully,
Lloyd J. Austen""")
    assert (found.type, found.number, found.date) == ("letter", "M-31-07", date(2031, 6, 8))
    assert (found.title, found.addressees) == ("Reporting of Locks, Weirs and Tide-Gates", ("THE HEADS OF OFFICES",))
    assert (found.issuer, found.signer) == ("BUREAU OF CANALS", "Lloyd J. Austen")


def test_front_matter_states_number_and_date() -> None:
    body = paper("WHEREAS, canals are old;\nMichael R. Lowe\nMayor")
    metadata = (("number", "'42'"), ("date_signed", "2019-04-11"), ("title", "Canals"))
    found = read_header(replace(body, media_type="text/markdown", metadata=metadata))
    assert (found.number, found.date, found.title, found.signer) == (
        "42",
        date(2019, 4, 11),
        "Canals",
        "Michael R. Lowe",
    )


def test_minutes_take_the_day_of_the_meeting() -> None:
    found = header("Planning Board\nMinutes of the Meeting of 14 March 2023\nPresent: A. Low (Chair)")
    assert (found.type, found.date) == ("minutes", date(2023, 3, 14))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("QUYẾT ĐỊNH", "vi"),
        ("UY BAN NHAN DAN TINH BAC SON", "vi"),
        ("Ke hoach trien khai nhiem vu nam 2025 cua So Noi vu", "vi"),
        ("Sở Y tế", "vi"),
        ("THE DIRECTOR SHALL REPORT TO THE BOARD", "en"),
        ("Minister Nguyễn Văn Hùng, Lê Hải Bình, Tạ Quang Đông and Trần Hoàng attended the meeting.", "en"),
        ("Resolution No. 57-NQ/TW of the Politburo and Plan No. 02-KH/BCĐTW", "en"),
        ("План № 02-KH/BCĐTW", "ru"),
        ("ПРИКАЗ", "ru"),
        ("", "en"),
    ],
)
def test_detect_language(text: str, language: Language) -> None:
    assert detect_language(text) == language
