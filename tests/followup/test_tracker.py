"""Progress from a tracker's CSV: columns by their names, every line that can't be taken is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.errors import UsageError
from models.store import Progress, Said, current_progress, list_tasks
from pipeline import cli
from pipeline.followup.tracker import Line, Problem, preview_progress, read_lines
from pipeline.review.desk import Desk

TODAY = date(2026, 11, 25)
A, B = "a" * 16, "b" * 16


def _read(text: str, encoding: str = "utf-8") -> tuple[list[Line], list[Problem]]:
    return read_lines(text.encode(encoding), "tracker.csv", TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        f"task_id,state,done_on,report_reference,note\r\n{A},done,2026-05-30,15/BC,ok\r\n",
        f"Ghi chú;Mã nhiệm vụ;Tình trạng;Ngày hoàn thành;Số báo cáo\nok;{A};Đã hoàn thành;30/05/2026;15/BC\n",
        f"Код поручения\tСтатус\tДата исполнения\tНомер отчёта\tПримечание\n{A}\tИсполнено\t30.05.2026\t15/BC\tok\n",
        f"Done on,Task ID,Report number,Remarks\n2026-05-30 00:00:00,{A.upper()},15/BC,ok\n",
    ],
)
def test_columns_are_found_by_their_names(text: str, encoding: str) -> None:
    assert _read(text, encoding) == ([Line(2, A, Said("done", "2026-05-30", "15/BC", "ok"))], [])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (f"{A},lost,", "progress-line-state"),
        (f"{A},done,31/02/2026", "progress-line-day"),
        (f"{A},done,05/30/2026", "progress-line-day"),
        (f"{A},in progress,30/05/2026", "progress-line-day"),
        (f"{A},done,26/11/2026", "progress-line-future"),
        (",done,30/05/2026", "progress-line-no-task"),
    ],
)
def test_a_line_that_can_not_be_is_told_by_its_number(cells: str, code: str) -> None:
    lines, problems = _read(f'task_id,state,done_on,note\n{B},done,,"two\nlines"\n\n{cells},\n{B},,,\n')
    assert [line.number for line in lines] == [2]
    assert [(problem.number, problem.code) for problem in problems] == [(5, code)]


@pytest.mark.parametrize("text", ["", "task_id\n", "state,done_on\ndone,2026-01-01\n", "id;x\n1;2\n"])
def test_a_file_without_the_columns_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="task ids"):
        _read(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_lines(b"task_id,state\n\xff\xfa,\x80\n", "tracker.csv", TODAY)


def test_lines_are_held_against_what_is_recorded() -> None:
    done, working = Said("done", "2026-05-30"), Said("in-progress")
    stands = {A: Progress(1, A, done, "Anna", ""), B: Progress(2, B, working, "Anna", "")}
    lines = [Line(2, A, done), Line(3, B, done), Line(4, "c" * 16, done)]
    found = preview_progress(lines, [], {A, B}, stands)
    assert (found.same, found.new, found.conflicts) == (1, (lines[1],), ())
    assert [(problem.number, problem.code) for problem in found.problems] == [(4, "progress-line-unknown")]
    against = preview_progress([Line(2, A, working), Line(3, A, done)], [], {A}, stands)
    assert [line.number for line in against.conflicts] == [2]
    assert [(problem.number, problem.code) for problem in against.problems] == [(3, "progress-line-twice")]


def _run(desk: Desk, file: Path, *more: str) -> int:
    return cli.main(["progress", str(file), "--outputs", str(desk.outputs), "--lang-of-messages", "en", *more])


def test_the_command_shows_first_and_applies_when_told(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, _ = (row.task_id for row in list_tasks(desk.store).rows)
    file = tmp_path / "tracker.csv"
    file.write_text(f"task_id,state,done_on\n{first},done,30/05/2026\n{second},in progress,\nffff,done,\n")
    register = (desk.outputs / "register.csv").read_bytes()
    assert _run(desk, file) == 1
    told = capsys.readouterr()
    assert "2 to record, 0 known already, 1 left out" in told.out
    assert "Line 4: there is no task ffff" in told.err
    assert current_progress(desk.store) == {}
    assert _run(desk, file, "--apply") == 2
    assert _run(desk, file, "--apply", "--as", "Nobody") == 2
    assert _run(desk, file, "--apply", "--as", "Clerk") == 1
    assert {one: entry.who for one, entry in current_progress(desk.store).items()} == {first: "Clerk", second: "Clerk"}
    written = (desk.outputs / "progress.csv").read_text(encoding="utf-8")
    assert f"{first},done,2026-05-30,,,Clerk," in written
    assert (desk.outputs / "register.csv").read_bytes() == register
    assert _run(desk, desk.outputs / "progress.csv") == 0  # what went out comes back as known
    assert "0 to record, 2 known already" in capsys.readouterr().out
    file.write_text(f"task_id,state\n{first},in progress\n")
    assert _run(desk, file, "--apply", "--as", "Clerk") == 1
    assert current_progress(desk.store)[first].said.state == "done"
    assert _run(desk, file, "--apply", "--as", "Clerk", "--overwrite") == 0
    assert current_progress(desk.store)[first].said.state == "in-progress"
