"""The register as Parquet, with typed columns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from models.columns import COLUMNS, Column
from pipeline.outputs.cells import value
from pipeline.register import Row

if TYPE_CHECKING:
    import pyarrow


def parquet_bytes(rows: Sequence[Row]) -> bytes:
    """Return the register as Parquet: days as days, moments in UTC, empty cells as null.

    What a column means stands in its metadata as `description`. Raises UsageError for a cell that isn't of its
    column's type.
    """
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema([_field(column) for column in COLUMNS])
    columns = [[_storable(value(row, column)) for row in rows] for column in COLUMNS]
    arrays = [pyarrow.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
    result = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), result, compression="zstd")
    return result.getvalue()


def _field(column: Column) -> pyarrow.Field[Any]:
    import pyarrow

    types = {
        "string": pyarrow.string(),
        "integer": pyarrow.int32(),
        "number": pyarrow.float64(),
        "date": pyarrow.date32(),
        "datetime": pyarrow.timestamp("us", tz="UTC"),
    }
    return pyarrow.field(column.name, types[column.type], metadata={"description": column.meaning})


def _storable(cell: object) -> object:
    """Replace halves of surrogate pairs from broken files, which UTF-8 can't hold."""
    return cell.encode("utf-8", errors="replace").decode() if isinstance(cell, str) else cell
