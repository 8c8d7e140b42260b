"""The unit registry: names in three languages to ids, and above all the names that must get none."""

from __future__ import annotations

import csv
import datetime
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from extractors import lexicon
from extractors.registry import (
    RegisteredUnit,
    Registry,
    adopt,
    country_of,
    current,
    find,
    read_registry,
    read_units,
    starter,
    unknown_names,
    write_units,
)
from extractors.registry.matching import FUZZY_LEAST, index, is_misprint
from models.errors import UsageError
from models.records import LANGUAGES, Language

_DAY = datetime.date(2026, 1, 10)
_HEADER = "id,name_vi,name_en,name_ru,abbreviations,aliases,parent,valid_from,valid_to,successor,kind\n"
with Path(__file__).with_name("registry_names.csv").open(encoding="utf-8", newline="") as _handle:
    _CASES = [tuple(row.values()) for row in csv.DictReader(_handle)]
_RULES = [(language, rule) for language in LANGUAGES for rule in lexicon.load(language, "registry").rules]


@pytest.mark.parametrize(("language", "country", "day", "name", "expected"), _CASES)
def test_name(language: Language, country: str, day: str, name: str, expected: str) -> None:
    match = find(starter(), name, language, datetime.date.fromisoformat(day), country)
    assert (match.id if match else "") == expected


@pytest.mark.parametrize(("language", "rule"), _RULES, ids=lambda value: getattr(value, "id", value))
def test_rule_examples(language: Language, rule: lexicon.Rule) -> None:
    for example in rule.takes:
        match = rule.pattern.match(example.text)
        assert match
        assert {name: match[name] for name in example.values} == dict(example.values)
    assert not [text for text in rule.leaves if rule.pattern.match(text)]


@pytest.mark.parametrize(
    ("name", "how", "score"),
    [
        ("Sở Tài chính", "exact", 1.0),
        ("Sở Tài chính tỉnh Lào Cai", "place", 0.95),
        ("So Tai chinh", "folded", 0.95),
        ("Giám đốc Sở Tài chính", "head", 0.9),
        ("các đơn vị thuộc Sở Tài chính", "part", 0.8),
        ("EVN", "abbreviation", 0.98),
    ],
)
def test_says_how_it_was_found(name: str, how: str, score: float) -> None:
    match = find(starter(), name, "vi", _DAY)
    assert match
    assert (match.how, match.score) == (how, score)


def test_an_abolished_unit_is_found_marked_and_followed() -> None:
    match = find(starter(), "Bộ Giao thông vận tải", "vi", _DAY)
    assert match
    assert match.outdated
    assert match.score < 1
    assert current(starter(), match.id, _DAY) == "vn.bo-xay-dung"
    assert current(starter(), match.id, datetime.date(2020, 1, 1)) == match.id
    assert current(starter(), "vn.bo-buu-chinh-vien-thong", _DAY) == "vn.bo-khoa-hoc-va-cong-nghe"


def test_every_name_of_the_starter_registry_finds_its_unit() -> None:
    for unit, language in itertools.product(starter().units.values(), LANGUAGES):
        day = unit.valid_to or unit.valid_from
        for name in (unit.name_vi if language == "vi" else unit.name_en if language == "en" else unit.name_ru,):
            match = find(starter(), name, language, day, unit.country) if name else None
            assert not name or (match and match.id == unit.id), name


def test_starter_registry_is_sound() -> None:
    for unit in starter().units.values():
        assert unit.country in {"vn", "us", "ru"}, unit.id
        assert unit.parent != unit.id
        assert unit.successor != unit.id
        assert not unit.successor or unit.valid_to, f"{unit.id} has a successor and no end"
        assert not (unit.valid_from and unit.valid_to) or unit.valid_from <= unit.valid_to, unit.id
        assert all(len(short) <= 15 for short in unit.abbreviations), unit.id
        assert current(starter(), unit.id, datetime.date(2100, 1, 1)) in starter().units


def _together(one: RegisteredUnit, two: RegisteredUnit) -> bool:
    starts = max(unit.valid_from or datetime.date.min for unit in (one, two))
    ends = min(unit.valid_to or datetime.date.max for unit in (one, two))
    return one.country == two.country and starts <= ends


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_means_two_units_of_a_country_at_one_time(language: Language) -> None:
    names = index(starter(), language)
    for ids in [*names.exact.values(), *names.short.values(), *names.placed.values(), *names.folded.values()]:
        units = [starter().units[unit_id] for unit_id in ids]
        assert not any(_together(one, two) for one, two in itertools.combinations(units, 2)), ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_units_are_as_near_as_a_misprint(language: Language) -> None:
    """Of any two units of a country one could be missing from an office's registry: the other must not stand in."""
    names = index(starter(), language)
    wrong = []
    for keys in names.by_size.values():
        for one, two in itertools.combinations(keys, 2):
            if Levenshtein.normalized_similarity(one, two, score_cutoff=FUZZY_LEAST) and is_misprint(one, two):
                pairs = itertools.product(names.folded[one], names.folded[two])
                wrong += [(left, right) for left, right in pairs if left != right and left[:3] == right[:3]]
    assert not wrong


@given(st.text(max_size=80), st.sampled_from(LANGUAGES), st.sampled_from(["", "vn", "us", "ru", "xx"]))
@settings(max_examples=300, deadline=None)
def test_no_name_raises(name: str, language: Language, country: str) -> None:
    match = find(starter(), name, language, _DAY, country)
    assert match is None or (match.id in starter().units and 0 < match.score <= 1)


@given(st.text(alphabet="id,;\n\"'vnủàбв.- =\t\0", max_size=120))
@settings(max_examples=200, deadline=None)
def test_a_broken_file_is_an_error_for_the_clerk(text: str) -> None:
    with pytest.raises(UsageError) as caught:  # noqa: PT012
        read_registry(_HEADER + text)
        read_registry(text)
        raise UsageError("units-no-spelling")  # as good a file as any
    assert all(caught.value.message(language) not in ("", caught.value.code) for language in LANGUAGES)


def test_an_office_lays_its_file_over_the_starter() -> None:
    own = _HEADER + (
        "vn.so-y-te,Sở Y tế,,,,Sở Sức khỏe,,,,,generic\nphong-van-thu,Phòng Văn thư,,,PVT,,vn.so-y-te,01/03/2025,,,\n"
    )
    registry = read_registry("\ufeff" + own, starter())
    assert _id(registry, "Sở Sức khoẻ") == "vn.so-y-te"
    assert _id(registry, "Sở Sức khỏe tỉnh Lào Cai") == "vn.so-y-te"
    assert _id(registry, "PVT") == _id(registry, "phòng Văn thư") == "phong-van-thu"
    assert registry.units["phong-van-thu"].valid_from == datetime.date(2025, 3, 1)
    assert registry.units["vn.so-y-te"].parent == ""
    assert _id(starter(), "Phòng Văn thư") is None


def _id(registry: Registry, name: str, language: Language = "vi") -> str | None:
    match = find(registry, name, language, _DAY)
    return match.id if match else None


def test_a_spreadsheet_that_writes_semicolons_is_read() -> None:
    text = 'kind;id;name_ru;aliases\r\ncollective;otdely;"отделы";"отдел; все отделы"\r\n;;;\r\n'
    unit = read_units(text)["otdely"]
    assert (unit.kind, unit.name_ru, unit.aliases) == ("collective", "отделы", ("отдел", "все отделы"))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("a,Một,,,,,,,,,\na,Hai,,,,,,,,,\n", "units-id-twice"),
        ("a b,Một,,,,,,,,,\n", "units-bad-cell"),
        ("a,Một,,,,,,31/02/2026,,,\n", "units-bad-cell"),
        ("a,Một,,,,,,,,,group\n", "units-bad-cell"),
        ("a,,,,MỘT,,,,,,\n", "units-no-name"),
        ("a,Một,,,,,b,,,,\n", "units-unknown-id"),
    ],
)
def test_what_is_wrong_is_named(rows: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_registry(_HEADER + rows)
    assert caught.value.code == code


def test_written_units_are_read_back() -> None:
    assert dict(read_units(write_units(starter().units.values()))) == dict(starter().units)


def test_unknown_names_are_put_together() -> None:
    names: list[tuple[str, Language]] = [
        ("Phòng Văn thư", "vi"),
        ("phòng Văn Thư", "vi"),
        ("Phòng Văn thư", "vi"),
        ("Sở Tài chính", "vi"),
        ("Cục Bến cảng", "vi"),
    ]
    first, second = unknown_names(starter(), names, _DAY)
    assert (first.name, first.count, first.spellings) == (
        "Phòng Văn thư", 3, (("Phòng Văn thư", 2), ("phòng Văn Thư", 1)),
    )  # fmt: skip
    assert (second.name, second.count) == ("Cục Bến cảng", 1)


def test_nearest_units_are_suggested() -> None:
    (unknown,) = unknown_names(starter(), [("Sở Kế hoạch và Đầu tư công", "vi")], _DAY)
    assert unknown.nearest[0].id == "vn.so-ke-hoach-va-dau-tu"


def test_adopting_an_alias_or_a_new_unit() -> None:
    text = adopt("", starter(), ["Sở Sức khỏe"], "vi", alias_of="vn.so-y-te")
    text = adopt(text, read_registry(text, starter()), ["Phòng Văn thư; lưu trữ", "=Phòng VT"], "vi")
    registry = read_registry(text, starter())
    assert list(read_units(text)) == ["vn.so-y-te", "phong-van-thu-luu-tru"]
    assert _id(registry, "Sở Sức khỏe") == _id(registry, "Sở Y tế") == "vn.so-y-te"
    assert _id(registry, "Phòng VT") == "phong-van-thu-luu-tru"
    assert not any(cell.startswith("=") for cell in registry.units["phong-van-thu-luu-tru"].aliases)
    again = adopt(text, registry, ["Phòng Văn thư, lưu trữ"], "vi")
    assert "phong-van-thu-luu-tru-2" in read_units(again)
    russian = adopt("", starter(), ["Отдел реки"], "ru")
    assert list(read_units(russian)) == ["otdel-reki"]


OWN = """# units of our harbour
id;note;name_vi
phong-ben-cang;"tầng 2;
cửa 5";Phòng Bến cảng
# to be asked
phong-nghe-ca;;Phòng Nghề cá
"""


@pytest.mark.parametrize("text", [OWN, OWN.replace("\n", "\r\n"), "\ufeff" + OWN, OWN.rstrip()])
def test_adopting_leaves_all_else_as_it_was(text: str) -> None:
    office = read_registry(text, starter())
    changed = adopt(text, office, ["Phòng BC"], "vi", alias_of="phong-ben-cang")
    assert read_units(changed)["phong-ben-cang"].aliases == ("Phòng BC",)
    kept = [line for line in text.removeprefix("\ufeff").splitlines() if not line.startswith(("id;", "cửa"))]
    assert [line for line in changed.splitlines() if not line.startswith(("id;", "cửa"))] == kept
    assert 'cửa 5";Phòng Bến cảng;Phòng BC' in changed
    added = adopt(changed, read_registry(changed, starter()), ["Phòng Hàng hải"], "vi")
    assert added.startswith(changed.rstrip())
    assert list(read_units(added)) == ["phong-ben-cang", "phong-nghe-ca", "phong-hang-hai"]


@pytest.mark.parametrize(
    ("options", "code"),
    [({"alias_of": "nobody"}, "units-unknown-id"), ({"unit_id": "vn.so-y-te"}, "units-id-taken")],
)
def test_adopting_refuses(options: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        adopt("", starter(), ["Phòng Văn thư"], "vi", **options)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("Sở Ngư nghiệp", "vi", "vn"),
        ("the laws of the United States of America", "en", "us"),
        ("Ha Noi, Viet Nam", "en", "vn"),
        ("The Mayor asks every City agency; federal law of the United States", "en", "xx"),
        ("minutes of a club", "en", ""),
        ("Районным администрациям", "ru", "ru"),
        ("Ханой, Политбюро", "ru", "vn"),
    ],
)
def test_country_of_a_document(text: str, language: Language, country: str) -> None:
    assert country_of(text, language) == country
