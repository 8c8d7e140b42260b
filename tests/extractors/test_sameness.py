"""The same directive in several files: what is recognised, which tasks are paired, and above all what is not."""

from __future__ import annotations

import functools
import random
import re
import string
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.linking import extract
from extractors.pairing import folded, pieces_of
from extractors.sameness import Print, earlier_tasks, print_of
from models.records import Deadline, DocumentReference, Extraction, Header, Language, Span, Task, Unit
from tests.extractors.documents import document

GOLD = Path(__file__).parents[2] / "../shared/gold/documents"
DAY = date(2026, 3, 2)
ENGLISH = (
    "The Harbour Department shall dredge the northern channel to eight metres and mark it with 12 buoys.",
    "The Fire Brigade shall test all 46 hydrants of the quay.",
    "The Customs Office shall publish the tariff of berths, with rates for ferries and ships above 500 tonnes, online.",
    "The Port Police shall count the boats without a licence every month.",
    "The Museum shall move the old crane to the square in front of the lighthouse and light it at night.",
    "The School of Navigation shall train 30 pilots.",
    "The Weather Station shall report gusts above 20 metres a second to all skippers without delay, by radio.",
    "The Treasury shall set aside 750 thousand for the repair of the breakwater.",
)
RUSSIAN = (
    "Управлению порта углубить северный фарватер до восьми метров и обозначить его двенадцатью буями (12 шт.).",
    "Пожарной охране испытать все 46 гидрантов набережной.",
    "Таможне опубликовать в сети тариф на стоянку со ставками для паромов и судов водоизмещением свыше 500 тонн.",
    "Портовой полиции ежемесячно пересчитывать лодки без лицензии.",
    "Музею перенести старый кран на площадь перед маяком и освещать его в ночное время суток.",
    "Мореходной школе обучить 30 лоцманов.",
    "Метеостанции без промедления сообщать по радио всем капитанам о порывах ветра свыше 20 метров в секунду.",
    "Казначейству выделить 750 тысяч на ремонт волнолома.",
)


def directive(lines: Sequence[str] = ENGLISH, language: Language = "en", **header: Any) -> Extraction:
    """A directive of which every line is a task, with a number, date and issuer unless told otherwise."""
    made = document(*lines)
    said: dict[str, Any] = {"number": "12/QD-UBND", "date": DAY, "issuer": "Harbour Council"} | header
    tasks, start = [], 0
    for place, line in enumerate(lines):
        span = Span(start, start + len(line))
        words = folded(f"{line} {language} {list(lines[:place]).count(line)}")
        tasks.append(Task(words, span, span, line, "", 1))
        start += len(line) + 1
    return Extraction(made, "d", Header(language, **said), tuple(tasks))


def links(*found: Extraction, ranks: Sequence[int] = ()) -> list[tuple[str, ...]]:
    prints = [print_of(one, rank) for one, rank in zip(found, ranks or [0] * len(found), strict=True)]
    return earlier_tasks(prints, lambda place: pieces_of(found[place].document))


def ids(found: Extraction) -> tuple[str, ...]:
    return tuple(task.id for task in found.tasks)


def smudged(line: str, share: float, chance: random.Random) -> str:
    """Return a line as a poor scan has it: here and there another letter."""
    return "".join(
        chance.choice(string.ascii_lowercase) if letter.isalpha() and chance.random() < share else letter
        for letter in line
    )


def renamed(found: Extraction) -> Extraction:
    """The same extraction with task ids of its own."""
    return replace(found, tasks=tuple(replace(task, id=f"copy {task.id}") for task in found.tasks))


def test_a_copy_names_the_tasks_of_the_first_and_the_first_names_none() -> None:
    first, copy, third = directive(), renamed(directive()), renamed(renamed(directive()))
    assert links(first, copy, third) == [("",) * 8, ids(first), ids(first)]


def test_a_copy_whose_tasks_have_the_same_ids_says_so_too() -> None:
    assert links(directive(), directive())[1] == ids(directive())


def test_what_was_known_before_counts_and_not_the_order_of_the_register() -> None:
    first, second = renamed(directive()), directive()
    assert links(first, second, ranks=(7, 3)) == [ids(second), ("",) * 8]


@pytest.mark.parametrize(
    "header",
    [
        {"number": "12/QĐ-UBND"},
        {"number": " 12 / qd - ubnd"},
        {"issuer": ""},
        {"issuer": "THE HARBOUR COUNCIL"},
        {"issuer": "Harbour Counci1"},
        {"number": "12"},
    ],
    ids=str,
)
def test_headers_may_be_printed_differently(header: dict[str, Any]) -> None:
    assert links(directive(), renamed(directive(**header)))[1] == ids(directive())


@pytest.mark.parametrize(
    "header",
    [
        {"number": "13/QD-UBND"},
        {"number": "12/CT-UBND"},
        {"date": date(2025, 3, 2)},
        {"number": "", "date": date(2025, 3, 2)},
        {"number": "13/QD-UBND", "date": None},
        {"number": "", "date": None, "issuer": "Hill Farmers' Assembly"},
    ],
    ids=str,
)
def test_what_headers_contradict_is_never_the_same(header: dict[str, Any]) -> None:
    assert links(directive(), directive(**header))[1] == ("",) * 8


def test_other_words_under_the_same_name_are_not_linked() -> None:
    others = directive([line[::-1] for line in ENGLISH], issuer="")
    assert links(directive(), others)[1] == ("",) * 8


def test_two_bodies_with_one_number_and_day_share_nothing_but_routine() -> None:
    routine = "The head of the office shall report to the council on the results of this order."
    other = directive([line[::-1] for line in ENGLISH[:4]] + [routine], number="12", issuer="Hill Farmers' Assembly")
    assert not any(links(directive([*ENGLISH, routine], number="12"), other)[1])


@pytest.mark.parametrize("kept", [{"number": ""}, {"date": None}, {"number": "", "date": None}], ids=str)
def test_a_scan_without_its_whole_header_is_found_by_its_words(kept: dict[str, Any]) -> None:
    chance = random.Random(4)
    scan = renamed(directive([smudged(line, 0.02, chance) for line in ENGLISH], **({"issuer": ""} | kept)))
    found = links(directive(), scan)[1]
    assert found == ids(directive())


def test_few_tasks_without_a_header_are_no_evidence() -> None:
    short = directive(ENGLISH[:2], number="", date=None)
    assert links(directive(ENGLISH[:2]), short)[1] == ("", "")


def test_the_same_plan_of_another_year_without_a_header_is_another() -> None:
    plan = [f"{line[:-1]} by {day} June 2025." for day, line in enumerate(ENGLISH, 1)]
    later = directive([line.replace("2025", "2026") for line in plan], number="", date=None)
    assert links(directive(plan), later)[1] == ("",) * 8


def test_a_number_that_is_not_whole_is_none() -> None:
    partial = renamed(directive(number="1", date=DAY, reasons=("header-number-missing",)))
    assert links(directive(), partial)[1] == ids(directive())


def test_tasks_in_the_same_words_are_told_apart_by_their_place_or_not_at_all() -> None:
    twice = [*ENGLISH[:3], ENGLISH[1], *ENGLISH[3:]]
    assert links(directive(twice), renamed(directive(twice)))[1] == ids(directive(twice))
    once = links(directive(twice), renamed(directive(ENGLISH)))[1]
    assert once == (*ids(directive())[:3], *ids(directive())[3:])
    lone = links(directive([ENGLISH[0], ENGLISH[1], ENGLISH[1]]), renamed(directive(ENGLISH[:2])))[1]
    assert lone == (ids(directive())[0], "")


def test_numbers_and_days_tell_tasks_apart() -> None:
    later = directive([ENGLISH[0].replace("12", "13"), *ENGLISH[1:]])
    assert links(directive(), later)[1] == ("", *ids(directive())[1:])
    dated = directive()
    first = replace(dated.tasks[0], deadline=Deadline("date", "", Span(0, 1), due=DAY))
    other = replace(first, deadline=Deadline("date", "", Span(0, 1), due=date(2026, 5, 1)))
    one, two = (replace(dated, tasks=(task, *dated.tasks[1:])) for task in (first, other))
    assert links(one, two)[1] == ("", *ids(directive())[1:])


def test_a_newer_version_links_what_stayed() -> None:
    newer = directive([*ENGLISH[:6], "The Ferry Office shall paint its three ferries white.", *ENGLISH[6:]])
    assert links(directive(), renamed(newer))[1] == (*ids(directive())[:6], "", *ids(directive())[6:])


def test_an_amending_document_is_not_what_it_amends() -> None:
    amending = directive(ENGLISH, number="40/QD-UBND", date=date(2026, 6, 1), title="Amending Decision 12/QD-UBND")
    assert not any(links(directive(), amending)[1])


def test_a_translation_is_paired_task_by_task() -> None:
    english, russian = directive(), directive(RUSSIAN, "ru", issuer="Совет порта", number="12/QĐ-UBND")
    found = links(english, russian)[1]
    assert len(set(found) - {""}) >= 6
    assert all(link in ("", task) for link, task in zip(found, ids(english), strict=True))


def test_a_translation_that_leaves_a_paragraph_out_is_paired_around_it() -> None:
    russian = directive([*RUSSIAN[:3], *RUSSIAN[4:]], "ru", issuer="")
    english = directive()
    found = links(english, russian)[1]
    kept = (*ids(english)[:3], *ids(english)[4:])
    assert len(set(found) - {""}) >= 5
    assert all(link in ("", task) for link, task in zip(found, kept, strict=True))


def test_a_copy_of_a_translation_names_the_very_first() -> None:
    english, russian = directive(), directive(RUSSIAN, "ru", issuer="")
    _, once, again = links(english, russian, renamed(russian))
    for first, second, own in zip(once, again, ids(russian), strict=True):
        assert second == (first or own)


def test_translations_whose_days_or_leads_differ_are_not_paired() -> None:
    def with_lead(found: Extraction, unit: str) -> Extraction:
        lead = Unit("x", Span(0, 1), unit)
        return replace(found, tasks=tuple(replace(task, leads=(lead,)) for task in found.tasks))

    english, russian = directive(), directive(RUSSIAN, "ru", issuer="")
    assert any(links(with_lead(english, "a"), with_lead(russian, "a"))[1])
    assert not any(links(with_lead(english, "a"), with_lead(russian, "b"))[1])


def test_an_unrelated_text_in_another_language_is_not_paired_even_under_the_same_name() -> None:
    lines = ["Слово.", *("Очень длинная строка о другом, без чисел и названий. " * size for size in (4, 1, 6, 2, 5))]
    assert not any(links(directive(), directive(lines, "ru", issuer=""))[1])


def citing(found: Extraction, numbers: Sequence[str]) -> Extraction:
    references = tuple(DocumentReference(number, Span(0, 1)) for number in numbers)
    return replace(found, header=replace(found.header, number="", references=references))


@pytest.mark.parametrize(
    ("cited", "day", "same"),
    [
        ("1-A 2-B 3-C 4-D 5-E 1-A", DAY, True),
        ("1-A 2-B 3-C 4-D 5-E", DAY, True),
        ("5-E 4-D 3-C 2-B 1-A", DAY, False),
        ("1-A 2-B 3-C", DAY, False),
        ("1-A 2-B 3-C 4-D 5-E 1-A", date(2026, 3, 3), False),
        ("1-A 2-B 3-C 4-D 5-E 1-A", None, False),
    ],
)
def test_without_a_number_the_documents_cited_tell_a_translation(cited: str, day: date | None, same: bool) -> None:
    english = citing(directive(), ["1-A", "2-B", "3-C", "4-D", "5-E", "1-A"])
    russian = citing(directive(RUSSIAN, "ru", issuer="", date=day), cited.split())
    assert any(links(english, russian)[1]) is same


@pytest.mark.slow
@pytest.mark.parametrize("nameless", [False, True])
def test_ten_thousand_documents_take_seconds(nameless: bool) -> None:
    chance = random.Random(5)
    words = ["".join(chance.choices(string.ascii_lowercase, k=6)) for _ in range(3000)]
    base = print_of(directive())

    def other(place: int) -> Print:
        tasks = tuple(replace(task, words=" ".join(chance.choices(words, k=12))) for task in base.tasks)
        digits = () if nameless and place % 5 == 0 else (str(place % 2500),)
        return replace(base, digits=digits, tasks=tasks, issuer="", date=DAY)

    prints = [other(place) for place in range(10_000)]
    began = time.process_time()
    found = earlier_tasks(prints, lambda place: ())
    assert time.process_time() - began < 60
    assert not any(any(each) for each in found)


@functools.cache
def _gold(name: str) -> Extraction:
    from pipeline.readers import read_file

    return extract(read_file(next(GOLD.glob(f"{name}_*")))[0])


@pytest.mark.skipif(not GOLD.is_dir(), reason="the gold documents are not beside the checkout")
def test_the_decision_of_the_gold_set_in_two_languages_is_one_and_the_other_texts_are_others() -> None:
    found = [_gold(name) for name in ("000", "001", "002", "003", "004")]
    result = links(*found)
    assert [any(each) for each in result] == [False, False, True, False, False]
    texts = {task.id: task.text for task in found[0].tasks}
    pairs = [(task.text, texts[link]) for task, link in zip(found[2].tasks, result[2], strict=True) if link]
    assert len(pairs) >= 9
    for russian, english in pairs:
        numbers = [set(re.findall(r"\d+", text)) for text in (russian, english)]
        assert numbers[0] <= numbers[1] or numbers[1] <= numbers[0]
