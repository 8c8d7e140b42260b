"""The figures of `chidao score` as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.score import Mistake, Score, gains_and_losses

_GROUP_WIDTH = 44


def figure_lines(result: Score) -> Iterator[str]:
    """Yield a heading and one line of figures a document, then a language, then all."""
    heads = f"{'gold':>5} {'rows':>5} {'P':>6} {'R':>6} {'F1':>6} {'lead':>6} {'coord':>6} {'due':>6} {'row F1':>7}"
    yield f"{'':{_GROUP_WIDTH}} {heads}"
    for group in sorted(result.figures, key=lambda group: (group == "all", group.startswith("language "), group)):
        gold, rows, *shares, row_f1 = result.figures[group]
        cells = " ".join(f"{share:6.3f}" for share in shares)
        yield f"{group[:_GROUP_WIDTH]:{_GROUP_WIDTH}} {gold:5d} {rows:5d} {cells} {row_f1:7.3f}"


def mistake_lines(mistakes: Iterable[Mistake], *before: str) -> Iterator[str]:
    """Yield one line a mistake."""
    for mistake in mistakes:
        yield "  ".join((*before, *mistake))


def comparison_lines(result: Score, before: Score, name: str) -> Iterator[str]:
    """Yield the rows won and lost on an earlier register."""
    won, lost = gains_and_losses(result, before)
    yield f"\nwon {len(won)}, lost {len(lost)} against {name}"
    yield from mistake_lines(won, "won")
    yield from mistake_lines(lost, "lost")
