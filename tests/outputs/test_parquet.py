"""The register as Parquet: typed columns that pandas and pyarrow read."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pandas as pd
import pyarrow.parquet as pq
import pytest

from models.columns import COLUMN_NAMES, COLUMNS
from models.errors import UsageError
from pipeline.outputs.parquet import parquet_bytes
from tests.outputs.made import FORMULAS, row

TYPES = {
    "string": "string",
    "integer": "int32",
    "number": "double",
    "date": "date32[day]",
    "datetime": "timestamp[us, tz=UTC]",
}


@pytest.mark.parametrize("rows", [[], [row(1)]], ids=["empty", "one row"])
def test_columns_have_their_types_and_meanings_even_without_rows(rows: list[dict[str, str]]) -> None:
    schema = pq.read_schema(io.BytesIO(parquet_bytes(rows)))
    assert [str(field.type) for field in schema] == [TYPES[column.type] for column in COLUMNS]
    meanings = [(field.metadata or {})[b"description"].decode() for field in schema]
    assert meanings == [column.meaning for column in COLUMNS]


def test_values_are_values_and_empty_cells_are_null() -> None:
    table = [row(1, due_date="2026-07-15", reviewed_at="2026-06-01T08:30:00+07:00"), row(2)]
    first, second = pq.read_table(io.BytesIO(parquet_bytes(table))).to_pylist()
    assert (first["due_date"], first["page"], first["confidence"]) == (date(2026, 7, 15), 3, 0.95)
    assert first["reviewed_at"] == datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
    assert (second["due_date"], second["reviewed_at"], second["lead_unit"]) == (None, None, None)


def test_text_is_as_it_is_for_no_program_runs_it() -> None:
    table = [row(number, task=cell) for number, cell in enumerate(FORMULAS)]
    read = pq.read_table(io.BytesIO(parquet_bytes(table)))["task"].to_pylist()
    assert read == list(FORMULAS)


def test_a_cell_of_another_type_is_told_with_its_place() -> None:
    with pytest.raises(UsageError) as error:
        parquet_bytes([row(1), row(2, due_date="31/02/2026")])
    assert (error.value.code, error.value.values) == (
        "cell-unreadable",
        {"task": f"{2:016x}", "column": "due_date", "value": "31/02/2026"},
    )


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    read = pq.read_table(io.BytesIO(parquet_bytes([row(1, task="a\ud800b")])))
    assert read["task"].to_pylist() == ["a?b"]


def test_pandas_reads_the_register_of_the_corpus(corpus_rows: list[dict[str, str]]) -> None:
    frame = pd.read_parquet(io.BytesIO(parquet_bytes(corpus_rows)))
    assert tuple(frame.columns) == COLUMN_NAMES
    assert frame["task"].tolist() == [source["task"] for source in corpus_rows]
    assert frame["due_date"].notna().sum() == sum(bool(source["due_date"]) for source in corpus_rows)


def test_the_same_register_gives_the_same_bytes(corpus_rows: list[dict[str, str]]) -> None:
    assert parquet_bytes(corpus_rows) == parquet_bytes(corpus_rows)
