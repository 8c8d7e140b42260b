"""Tests of progress, follow-up and the API."""
