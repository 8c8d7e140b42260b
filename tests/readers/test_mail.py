"""Messages and archives: what is inside is read, within limits, and never written by its name."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest

from models.errors import ReadError
from pipeline.readers import read_bytes
from tests.readers.made import p, word

LETTER = "Kính gửi: Sở Tài chính.\nĐề nghị quý Sở báo cáo kết quả giải ngân trước ngày 15 tháng 7 năm 2026."


def packed(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def message(body: str = "", html: str = "", *attachments: tuple[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Công văn số 5", "van.thu@example.vn", "so.tai.chinh@example.vn"
    mail["Date"] = "Thu, 02 Jul 2026 08:00:00 +0700"
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, data in attachments:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def test_the_files_of_an_archive_are_documents_of_their_own() -> None:
    data = packed(
        ("a/kế hoạch.docx", word(p("Điều 1. Kế hoạch"))), ("b.txt", LETTER.encode()), ("__MACOSX/b.txt", b"x")
    )
    documents = read_bytes("gửi.zip", data)
    assert [document.file_name for document in documents] == ["gửi.zip/a/kế hoạch.docx", "gửi.zip/b.txt"]
    assert [document.text[:7] for document in documents] == ["Điều 1.", "Kính gử"]
    assert len({document.sha256 for document in documents}) == 2


def test_names_that_climb_lead_nowhere() -> None:
    data = packed(("../../etc/cron.d/x.txt", LETTER.encode()), ("C:\\windows\\y.txt", LETTER.encode()))
    assert [document.file_name for document in read_bytes("a.zip", data)] == [
        "a.zip/etc/cron.d/x.txt",
        "a.zip/C_/windows/y.txt",
    ]


def test_one_bad_file_in_an_archive_does_not_spoil_the_rest() -> None:
    documents = read_bytes("a.zip", packed(("bad.docx", b"PK\x03\x04 broken"), ("b.txt", LETTER.encode())))
    assert [document.warnings for document in documents] == [("read-partial",)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (packed(), "read-empty"),
        (packed(("x.bin", bytes(range(256)) * 8)), "read-unknown-format"),
        (packed(("zeros.txt", bytes(20_000_000))), "read-too-large"),
        (packed(*((f"{number}.txt", b"x") for number in range(600))), "read-too-large"),
        (packed(("1.zip", packed(("2.zip", packed(("3.zip", packed(("4.txt", LETTER.encode())))))))), "read-too-large"),
    ],
    ids=["empty", "unknown", "bomb", "crowd", "deep"],
)
def test_archives_that_cannot_be_read(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes("a.zip", data)
    assert caught.value.code == code
    assert str(caught.value.values["file"]).startswith("a.zip")


def test_a_message_without_attachments_is_its_text() -> None:
    document = read_bytes("thư.eml", message(LETTER))[0]
    assert document.text == LETTER
    assert {("subject", "Công văn số 5"), ("from", "van.thu@example.vn")} <= set(document.metadata)


def test_a_message_gives_its_text_and_its_attachments() -> None:
    data = message(
        "bản chữ",
        f"<p>{LETTER}</p>",
        ("kế hoạch.docx", word(p("Điều 1. Kế hoạch"))),
        ("b.zip", packed(("c.txt", b"Order 1"))),
    )
    documents = read_bytes("thư.eml", data)
    assert [document.file_name for document in documents] == ["thư.eml", "thư.eml/kế hoạch.docx", "thư.eml/b.zip/c.txt"]
    assert "trước ngày 15 tháng 7" in documents[0].text


def test_a_short_note_around_an_attachment_is_no_document() -> None:
    documents = read_bytes("thư.eml", message("Xin gửi kèm.", "", ("a.txt", LETTER.encode())))
    assert [document.file_name for document in documents] == ["thư.eml/a.txt"]


def test_a_memorandum_that_begins_like_a_message_is_text() -> None:
    memo = b"From: The Director\nTo: All staff\nDate: 3 May 2026\nSubject: Leave\n\nSend your plans by 10 May.\n"
    assert read_bytes("memo.txt", memo)[0].media_type == "text/plain"


def test_a_web_page_saved_as_one_file_is_its_article() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Thông báo"
    mail.set_content(f"<p>{LETTER}</p>", subtype="html")
    mail.add_related(b"p {color: red}", maintype="text", subtype="css", cid="<style>")
    documents = read_bytes("trang.mht", mail.as_bytes())
    assert [document.text for document in documents] == [" ".join(LETTER.split())]
