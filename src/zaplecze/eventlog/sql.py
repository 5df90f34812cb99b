"""Names and texts as they are written inside SQL."""


def ident(name: str) -> str:
    """NAME as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """TEXT as a quoted string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: list[str]) -> str:
    """TEXTS as a list for ``IN``: ``('a', 'b')``."""
    return "(" + ", ".join(literal(text) for text in texts) + ")"
