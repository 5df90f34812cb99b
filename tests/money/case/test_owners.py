"""Owners and staffing have names in every language, and a plain name stays what it was."""

from pathlib import Path

from tests.money.case.sample import case_of

from zaplecze.money.case import freeze, work_out_case
from zaplecze.money.case.frozen import compare
from zaplecze.report.casepart import lines_table

OWNERS = ('owner = "IT"', 'owner = { en = "Head of IT", pl = "Kierownictwo IT" }')
STAFFING = """
[staffing.now]
label = { en = "today", pl = "dziś" }
calls = "100"
handling_seconds = "180"
profile = [1, 1]
service_level = 0.8
within_seconds = 20
"""


def test_an_owner_is_named_in_the_language_of_who_reads(tmp_path: Path) -> None:
    lines = {line.name: line.owner for line in work_out_case(case_of(tmp_path, OWNERS)).lines}
    assert lines["project"]["pl"] == "Kierownictwo IT"
    assert lines["project"]["uk"] == "Head of IT"
    table = lines_table(work_out_case(case_of(tmp_path, OWNERS)), "pl")
    assert any("Kierownictwo IT" in row for row in table.rows)
    assert lines["avoided"]["pl"] == lines["avoided"]["en"] == "Service"


def test_a_plain_owner_is_frozen_as_it_is_written(tmp_path: Path) -> None:
    plain, told = case_of(tmp_path), case_of(tmp_path, OWNERS)
    before, after = (
        freeze(case, work_out_case(case), "board", "2026-01-15", None) for case in (plain, told)
    )
    assert before.assumptions["lines.project.owner"] == "IT"
    changed = {each.key for each in compare(before, after).assumptions}
    assert changed
    assert all(key.startswith("lines.project.owner") for key in changed)


def test_staffing_is_called_by_its_label(tmp_path: Path) -> None:
    labels = case_of(tmp_path, more=STAFFING).staffing_labels()
    assert labels["now"]["en"] == "Paid hours a day, today"
    assert labels["now"]["pl"].endswith("dziś")
    assert labels["now_abandoned"]["pl"].endswith("dziś")
