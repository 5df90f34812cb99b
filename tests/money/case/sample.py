"""A small case that others change, and what it takes from findings."""

from pathlib import Path

from zaplecze.money.case import Case, load_case

SMALL = """
name = "Answers in a week"
currency = "EUR"
start = 2026-01-01
months = 24
discount_rate = 0.10

[simulation]
draws = 4000
seed = 3

[assumptions.complaints]
value = 1200
basis = "measured"

[assumptions.avoided]
low = 0.05
likely = 0.10
high = 0.20

[assumptions.cost]
distribution = "normal"
mean = 150
sd = 20

[assumptions.project]
distribution = "triangular"
low = 8000
likely = 10000
high = 15000

[lines.project]
kind = "cost"
owner = "IT"
amount = "project"
per = "once"

[lines.avoided]
kind = "saving"
owner = "Service"
amount = "complaints * avoided * cost"
per = "year"
start = 2026-04-01
ramp_months = 3
"""


def case_of(folder: Path, *changes: tuple[str, str], more: str = "") -> Case:
    """SMALL with texts replaced and MORE added, checked."""
    return load_case(file_of(folder, *changes, more=more))


def file_of(folder: Path, *changes: tuple[str, str], more: str = "") -> Path:
    """The file of `case_of`."""
    text = SMALL
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    file = folder / "case.toml"
    file.write_text(text + more, encoding="utf-8")
    return file
