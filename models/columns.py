"""The columns of the register, in the order programs downstream rely on.

The published schema is made from this list. New columns are only ever added at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from models.records import LANGUAGES, DeadlineBound, DeadlineKind, DocumentType, ReviewStatus

ColumnType = Literal["string", "integer", "number", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the type of its cells, what it means and, where limited, the values it may hold."""

    name: str
    type: ColumnType
    meaning: str
    values: tuple[str, ...] = ()
    required: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("task_id", "string", "Stable id of the task, whatever file the document is found in.", required=True),
    Column("parent_task_id", "string", "The task of which this one is a part, if the document nests them."),
    Column("document_id", "string", "Stable id of the document, made from its content.", required=True),
    Column("document_number", "string", "Number of the document as printed, with normalised blanks."),
    Column("document_type", "string", "What kind of document it is.", get_args(DocumentType)),
    Column("document_date", "date", "Date of signing."),
    Column("document_title", "string", "Title as printed."),
    Column("issuer", "string", "Body that issued the document, as printed."),
    Column("signer", "string", "Who signed it, as printed."),
    Column("language", "string", "Language of the document.", LANGUAGES),
    Column("section", "string", "Where the task stands, as a path of points or of annex, table and row."),
    Column("page", "integer", "Page of the first word, from 1."),
    Column("task", "string", "What is to be done, in the words of the document.", required=True),
    Column("deliverable", "string", "The product asked for, if named."),
    Column("lead_unit", "string", "Who does or leads it, nominative, as the document names it; joined by '; '."),
    Column("lead_unit_id", "string", "Ids of the lead units from the unit registry, same order; empty where unknown."),
    Column("coordinating_units", "string", "Who assists, joined by '; '."),
    Column("coordinating_unit_ids", "string", "Ids of the coordinating units, same order; empty where unknown."),
    Column("deadline_text", "string", "The words of the deadline."),
    Column("deadline_kind", "string", "What kind of deadline it is.", get_args(DeadlineKind), required=True),
    Column("deadline_bound", "string", "How the day named bounds the time.", get_args(DeadlineBound)[1:]),
    Column("start_date", "date", "First day of the time named."),
    Column("due_date", "date", "Last day of the time named."),
    Column("recurrence", "string", "RFC 5545 RRULE value of a recurring deadline."),
    Column("references", "string", "Numbers of the documents that the task cites, joined by '; '."),
    Column("confidence", "number", "How sure the extraction is, 0.00 to 1.00.", required=True),
    Column("review_reasons", "string", "Why a person should look, as codes joined by '; '."),
    Column("review_status", "string", "What people said of the row.", get_args(ReviewStatus), required=True),
    Column("reviewed_by", "string", "Who reviewed it last."),
    Column("reviewed_at", "datetime", "When, ISO 8601 with offset."),
    Column("rules", "string", "Ids of the rules that made the row, joined by '; '."),
    Column("source_text", "string", "The whole passage, verbatim.", required=True),
    Column("source_file", "string", "File name as dropped.", required=True),
    Column("source_sha256", "string", "Hash of the file's bytes.", required=True),
    Column("same_as", "string", "Id of the same task in a copy or another language of the directive, known before."),
    Column("amends", "string", "Numbers of the documents that the task's document amends, joined by '; '."),
    Column("amends_document_id", "string", "Ids of those of them that are known, joined by '; '."),
    Column("amended_by", "string", "Number of the document that changed the deadline of the task."),
    Column("first_deadline_text", "string", "The words of the deadline before it was changed."),
    Column("first_due_date", "date", "The due date before it was changed."),
)
COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
DEADLINE_COLUMNS = ("deadline_text", "deadline_kind", "deadline_bound", "start_date", "due_date", "recurrence")
SEPARATOR = "; "
