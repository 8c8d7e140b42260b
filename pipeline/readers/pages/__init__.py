"""What the text layer and OCR share: words in boxes on a page become columns, tables, paragraphs and a Document."""
