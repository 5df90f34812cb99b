"""Who does a step where the workspace does not say."""

import pytest
from tests.impact.small import workspace_of

from zaplecze import eventlog
from zaplecze.impact.doers import with_doers

ROWS = """\
case,activity,time,department
1,pack,2024-01-01 08:00,Stock
1,check,2024-01-01 09:00,Stock
1,call,2024-01-01 10:00,
1,bill,2024-01-01 11:00,Finance
2,pack,2024-01-02 08:00,Stock
2,check,2024-01-02 09:00,Quality
2,pack,2024-01-02 10:00,Quality
2,bill,2024-01-02 11:00,Finance
"""


@pytest.fixture
def log(tmp_path):
    (tmp_path / "log.csv").write_text(ROWS)
    described = eventlog.workspace_for(
        tmp_path / "log.csv", case="case", activity="activity", time="time", department="department"
    )
    return eventlog.build(described, tmp_path, tmp_path / "log")


def test_a_step_belongs_to_the_department_that_does_more_than_half_of_it(log):
    steps = with_doers(log, workspace_of({})).steps
    assert {name: step.department for name, step in steps.items()} == {
        "pack": "Stock",
        "bill": "Finance",
    }


def test_what_the_workspace_says_stands_and_keeps_its_target(log):
    described = workspace_of(
        {"pack": {"department": "Logistics"}, "bill": {"target_hours": 2, "label": "Bill"}}
    )
    steps = with_doers(log, described).steps
    assert steps["pack"] == described.steps["pack"]
    assert (steps["bill"].department, steps["bill"].target_hours) == ("Finance", 2)
    assert described.steps["bill"].department is None
