"""Following up: what is done and due by unit, on a page and on paper, and progress taken over from trackers."""
