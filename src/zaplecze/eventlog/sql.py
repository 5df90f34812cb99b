"""Names and texts as they are written inside SQL."""

from pathlib import Path


def ident(name: str) -> str:
    """NAME as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """TEXT as a quoted string."""
    return "'" + text.replace("'", "''") + "'"


def stored(query: str, path: Path) -> str:
    """The statement that writes what QUERY gives to PATH as a table of the store.

    LZ4 is read a quarter faster than the usual Snappy, and a little larger.
    """
    return f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION lz4_raw)"


def literals(texts: list[str]) -> str:
    """TEXTS as a list for ``IN``: ``('a', 'b')``."""
    return "(" + ", ".join(literal(text) for text in texts) + ")"
