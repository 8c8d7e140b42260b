"""Files are told apart by their content; whatever the bytes, reading ends in documents or in a ReadError."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import ReadError, messages
from pipeline.readers import read_bytes, read_file
from tests.readers.made import assert_whole, p, table, word
from tests.readers.test_mail import packed
from tests.readers.test_xlsx import saved, task_list

WORD = word(p("Điều 1. Phạm vi") + table([["TT", "Việc"], ["1", "Rà soát"]]))
BEGINNINGS = [
    b"", b"\xff\xfe", b"\xef\xbb\xbf",
    b"<html><body><table><tr><td>", b"---\na: [\n---\n# ", b"{\\rtf1 ", b"%PDF-1.7\n",
    b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", b"PK\x03\x04", b"| a | b |\n",
]  # fmt: skip


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.txt", "a"])
def test_the_name_does_not_decide(name: str) -> None:
    assert read_bytes(name, WORD)[0].text.startswith("Điều 1.")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "read-empty"),
        (b" \n\n ", "read-empty"),
        (b"-----\n\n_____\n", "read-empty"),
        (WORD[: len(WORD) // 2], "read-broken"),
        (b"\x7fELF" + bytes(100), "read-unknown-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "read-encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "read-unknown-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\xec\xa5" + bytes(8) + b"\x00\x13", "read-encrypted"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes("tệp.docx", data)
    assert (caught.value.code, caught.value.values["file"]) == (code, "tệp.docx")
    assert code in messages()


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        read_file(tmp_path / "không có.docx")
    assert caught.value.code == "read-unreadable"


def _read_or_refuse(name: str, data: bytes) -> None:
    try:
        documents = read_bytes(name, data)
    except ReadError:
        return
    for document in documents:
        if document.media_type != "application/pdf":
            assert_whole(document)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([b for b in BEGINNINGS if not b.startswith(b"{")]),
    st.binary(max_size=300),
    st.sampled_from(["a.txt", "a.md", "a.html", "a.eml"]),
)
def test_no_bytes_make_a_reader_fail(beginning: bytes, rest: bytes, name: str) -> None:
    _read_or_refuse(name, beginning + rest)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet=st.sampled_from(list("aбế-|+= \n\t#>*1.)(:/<&;&#34\"'[]`~«»\u00a0\u0301")), max_size=300),
    st.sampled_from(["a.txt", "a.md", "a.html"]),
)
def test_no_text_makes_a_reader_fail(text: str, name: str) -> None:
    _read_or_refuse(name, text.encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([WORD, saved(task_list()), packed(("a.txt", b"Order one"))]),
    st.integers(0, 5000),
    st.binary(min_size=1, max_size=8),
)
def test_no_damage_makes_a_reader_fail(data: bytes, place: int, change: bytes) -> None:
    place %= len(data)
    _read_or_refuse("a.docx", data[:place] + change + data[place + len(change) :])
