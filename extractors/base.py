"""What extractors may know of a document besides the passage that they read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.records import Language


@dataclass(frozen=True, slots=True)
class Context:
    """What an extractor may know besides the passage: the language, the document's own date, and the year or span of
    years its title or nearest heading is about (`year` and `last_year`, 0 where nothing says), the acronyms that name
    units in it, and whether its dates in digits have the day first, None where nothing tells."""

    language: Language
    document_date: date | None = None
    year: int = 0
    last_year: int = 0
    acronyms: frozenset[str] = frozenset()
    day_first: bool | None = None


_YEARS = re.compile(r"(?<![\d/.№-])((?:19|20)\d\d)(?:\s?[-–—/]\s?((?:19|20)\d\d)|/(\d\d)(?![-–—.]))?(?![\d/])")


def years_of(text: str) -> tuple[int, int]:
    """Return the one year, or the two years in a row, that a title speaks of; (0, 0) where it names none or more."""
    years = [int(year) for match in _YEARS.finditer(text) for year in match.groups()[:2] if year]
    years += [int(match[1][:2] + match[3]) for match in _YEARS.finditer(text) if match[3]]
    return (min(years), max(years)) if years and max(years) - min(years) <= 1 else (0, 0)
