"""Lists of units: shared heads, places in a row, where names end and what is no unit of the list."""

from __future__ import annotations

import pytest

from extractors import morphology
from extractors.unitcells import split_units
from extractors.units import find_unit_lists
from models.records import Language


def _names(text: str, language: Language) -> list[str]:
    return [unit.name for found in find_unit_lists(text, language) for unit in found.names]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("UBND xã Hòa An, Tân Lập và Phú Mỹ báo cáo", ["UBND xã Hòa An", "UBND xã Tân Lập", "UBND xã Phú Mỹ"]),
        ("UBND các xã Hòa An và Tân Lập rà soát", ["UBND xã Hòa An", "UBND xã Tân Lập"]),
        ("UBND huyện Hòa An, Phú Mỹ báo cáo", ["UBND huyện Hòa An, Phú Mỹ"]),
        ("Giám đốc các Sở: Xây dựng, Tư pháp báo cáo", ["Giám đốc Sở Xây dựng", "Giám đốc Sở Tư pháp"]),
        ("UBND các huyện: Hòa An, Phú Mỹ báo cáo", ["UBND huyện Hòa An", "UBND huyện Phú Mỹ"]),
        ("Sở Văn hóa, Thể thao và Du lịch tỉnh Bình Sơn báo cáo", ["Sở Văn hóa, Thể thao và Du lịch tỉnh Bình Sơn"]),
        ("các cơ quan quản lý các chương trình mục tiêu báo cáo", ["các cơ quan quản lý các chương trình mục tiêu"]),
        ("Tổ chức pháp chế thuộc Bộ báo cáo", ["Tổ chức pháp chế thuộc Bộ"]),
        ("Tổ chức hội nghị sơ kết", []),
        ("trên cơ sở Chương trình công tác", []),
    ],
)
def test_vietnamese_lists(text: str, names: list[str]) -> None:
    assert _names(text, "vi") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In any county, the Harbour Office shall act", ["any county", "Harbour Office"]),
        ("With the consent of a Board, agencies should list accounts", ["Board", "agencies"]),
        ("Reservoir owners must test the valves", ["Reservoir owners"]),
        ("New measures by operators must be reported", ["operators"]),
        ("On 18 December 2027 the Bureau will move", ["Bureau"]),
    ],
)
def test_english_lists(text: str, names: list[str]) -> None:
    assert _names(text, "en") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Согласовать с Министерством связи расписание рейсов", ["Министерство связи"]),
        ("ФГБУ «Центр причалов» представить отчёт", ["ФГБУ «Центр причалов»"]),
        ("Исполнители плана, ответственные за его разделы, представляют отчёт", ["Исполнители плана"]),
        ("Диспетчерской службе вести журнал", ["Диспетчерская служба"]),
    ],
)
def test_russian_lists(text: str, names: list[str]) -> None:
    assert _names(text, "ru")[:1] == names


@pytest.mark.parametrize(
    ("language", "cell", "names"),
    [
        ("vi", "Bộ KH&CN\n(Vụ Pháp chế, Vụ Kế hoạch)", ["Bộ KH&CN"]),
        ("en", "Harbour Panel, under the direction of the Port Council", ["Harbour Panel"]),
        ("ru", "г. Озёрск,\nФГБУ «Центр причалов»,\n644043, г. Озёрск, ул. Портовая, д. 2", ["ФГБУ «Центр причалов»"]),
        ("ru", "Департамент помощи детям и службы спасения", ["Департамент помощи детям и службы спасения"]),
        ("ru", "Отдел кадров и бухгалтерия", ["Отдел кадров", "бухгалтерия"]),
    ],
)
def test_cells(language: Language, cell: str, names: list[str]) -> None:
    assert [unit.name for unit in split_units(cell, language)] == names


@pytest.mark.parametrize(
    ("phrase", "nominative"),
    [
        ("Заведующему отделом", "Заведующий отделом"),
        ("Дежурному администрации", "Дежурный администрации"),
        ("Уполномоченному по правам ребёнка", "Уполномоченный по правам ребёнка"),
        ("Ответственному исполнителю", "Ответственный исполнитель"),
        ("Управляющему делами", "Управляющий делами"),
    ],
)
def test_a_participle_may_be_an_office(phrase: str, nominative: str) -> None:
    assert morphology.nominative(phrase) == nominative
