"""One task once: what stands within another finding, and what prose and an annex both say, are one row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from extractors.findings import Finding

SAME_WORDS = 92  # of 100: the share of characters that two tellings of one task have in common
_NOT_A_LETTER = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """Return the letters and digits of a text in small letters, without blanks and signs."""
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def merged(prose: Sequence[Finding], tables: Sequence[Finding], text: str) -> list[Finding]:
    """Return the findings of a document in text order, each task once; the row of a table, which has its fields in
    columns, outweighs the prose that says the same."""
    rows = list(tables)
    words = [letters(row.action.of(text)) for row in rows]
    kept: list[Finding] = []
    for finding in prose:
        twin = _twin(letters(finding.action.of(text)), words)
        if twin is None:
            kept.append(finding)
        else:
            rows[twin] = _joined(rows[twin], finding)
    return _without_repeats(sorted([*kept, *rows], key=lambda finding: finding.passage.start))


def _twin(words: str, others: Sequence[str]) -> int | None:
    """Return the place of the text that is the same but for a few letters, None where there is none."""
    for index, other in enumerate(others):
        if fuzz.ratio(words, other, score_cutoff=SAME_WORDS):
            return index
    return None


def _joined(row: Finding, prose: Finding) -> Finding:
    return replace(
        row,
        leads=row.leads or prose.leads,
        coordinators=row.coordinators or prose.coordinators,
        deadlines=row.deadlines or prose.deadlines,
        also_at=(*row.also_at, prose.passage),
        rules=(*row.rules, *prose.rules),
    )


def _without_repeats(findings: Sequence[Finding]) -> list[Finding]:
    """Drop a finding whose words lie within another's."""
    kept: list[Finding] = []
    for finding in findings:
        if not any(finding.action.within(other.action) for other in kept):
            kept.append(finding)
    return kept
