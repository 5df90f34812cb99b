"""Opened by its first content."""
