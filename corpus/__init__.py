"""Directives written for this project in three languages, their builder and their gold registers."""
