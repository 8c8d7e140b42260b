"""A table as a grid of cells, whatever lines its sections draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from models.records import Block, Cell, Span


class Grid:
    """A table's cells by row and column; a merged cell stands in every place that it covers."""

    def __init__(self, text: str, block: Block) -> None:
        self.text = text
        covered: dict[int, dict[int, Cell]] = {}
        for cell in block.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    covered.setdefault(row, {}).setdefault(column, cell)
        rows = {row: list(dict.fromkeys(cells[column] for column in sorted(cells))) for row, cells in covered.items()}
        self.width = _usual_width(rows.values())
        self.height = 1 + max(rows, default=-1)
        self.places: dict[tuple[int, int], Cell] = {}
        for row, cells in rows.items():
            for column, cell in enumerate(_spread(cells, covered[row], self.width)):
                self.places[row, column] = cell

    def cell(self, row: int, column: int) -> Cell | None:
        return self.places.get((row, column))

    def words(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return self.text[cell.start : cell.end].strip() if cell else ""

    def filled(self, row: int) -> list[Cell]:
        """Return the row's own cells that hold words, from left to right."""
        cells = dict.fromkeys(self.places[row, column] for column in range(self.width) if (row, column) in self.places)
        return [cell for cell in cells if self.text[cell.start : cell.end].strip()]

    def span(self, row: int) -> Span:
        cells = [cell for cell in self.filled(row) if cell.row == row] or self.filled(row)
        return Span(min(cell.start for cell in cells), max(cell.end for cell in cells))


def _usual_width(rows: Iterable[list[Cell]]) -> int:
    """Return how many cells the rows have, group rows left out; sections of one table may draw their lines apart, so
    the count tells more than the grid does."""
    counts = Counter(len(cells) for cells in rows if len(cells) > 1)
    return counts.most_common(1)[0][0] if counts else 1


def _spread(cells: list[Cell], covered: Mapping[int, Cell], width: int) -> list[Cell]:
    """Lay a row's cells over the usual columns: in order where the counts agree, else by the share of the grid."""
    if len(cells) == width:
        return cells
    grid = 1 + max(covered)
    return [covered[min(covered, key=lambda column: abs(column - place * grid / width))] for place in range(width)]
