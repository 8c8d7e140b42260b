"""Files made in the tests, and short ways to look at what was read from them."""

from __future__ import annotations

import io

from models.records import Block, Document

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def word(body: str, numbering: str = "") -> bytes:
    """Return a .docx file with the given WordprocessingML in its body and in its numbering part."""
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    for element in parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    if numbering:
        root = document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for element in parse_xml(f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>"):
            root.append(element)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def p(text: str, properties: str = "", run: str = "") -> str:
    """Return a paragraph of one run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
    )


def table(rows: list[list[str]], borders: bool = True) -> str:
    """Return a table; a cell may be text, or WordprocessingML with its own properties."""
    lines = "".join("<w:tr>" + "".join(_cell(cell) for cell in row) + "</w:tr>" for row in rows)
    sides = "".join(f"<w:{side} w:val='single'/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    return f"<w:tbl><w:tblPr>{f'<w:tblBorders>{sides}</w:tblBorders>' if borders else ''}</w:tblPr>{lines}</w:tbl>"


def _cell(content: str) -> str:
    return f"<w:tc>{content if content.startswith('<') else p(content)}</w:tc>"


def texts(document: Document) -> list[str]:
    """Return the texts of the blocks; a table's as one."""
    return [block.span.of(document.text) for block in document.blocks]


def tables(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.kind == "table"]


def rows(document: Document, block: Block) -> list[list[str]]:
    """Return the cell texts of a table, row by row; a cell that covers several rows stands in its first."""
    result: dict[int, list[str]] = {}
    for cell in block.cells:
        result.setdefault(cell.row, []).append(cell.span.of(document.text))
    return [result[row] for row in sorted(result)]


def assert_whole(document: Document) -> None:
    """Blocks cover the text in order, and every cell stands within its table."""
    assert "\n".join(texts(document)) == document.text
    for block in document.blocks:
        assert all(block.start <= cell.start <= cell.end <= block.end for cell in block.cells)
        assert block.kind == "table" or "\n" not in block.span.of(document.text)
