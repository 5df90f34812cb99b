"""The documentation says what the code does: every key, command, option, column and reason."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.web import sample
from tools import definitions
from typer.main import get_command

from zaplecze.cli import app
from zaplecze.cli.lazy import ORDER
from zaplecze.eventlog import reasons
from zaplecze.eventlog.store import LogInfo
from zaplecze.impact import Finding, Findings
from zaplecze.money.case import assumption, budgets, lines, staffing
from zaplecze.money.case import model as case
from zaplecze.workspace import contacts, effects, followed, hours, internal, model, rules

DOCS = Path(__file__).resolve().parents[1] / "docs"

TABLES = {
    "The top of the file": model.Workspace,
    "`[sources.NAME]`": model.Source,
    "`[case]`": model.CaseTable,
    "`[calendar]`": hours.Calendar,
    "`[calendar.hours]`": hours.WeekHours,
    "`[[events]]`": model.Events,
    "An activity of a wide table": model.Moment,
    "`[steps.NAME]`": model.Step,
    "A due time": model.Due,
    "`[departments.NAME]`": model.Department,
    "`[attributes.NAME]`": model.Attribute,
    "`[outcomes.NAME]`": model.Outcome,
    "A price": model.Price,
    "`[levers.NAME]`": model.Lever,
    "`[[rules]]`": rules.Rule,
    "`[log]`": effects.LogTable,
    "`[log.effort]`": effects.MeasuredEffort,
    "`[procedure]`": effects.ProcedureFile,
    "`[impact]`": effects.Impact,
    "`[internal_service]`": internal.InternalService,
    "`[internal_service.weights]`": internal.ServiceWeights,
    "`[internal_service.survey]`": internal.InternalSurvey,
    "`[contacts.NAME]`": contacts.Contacts,
    "`[[changes]]`": followed.Change,
    "`[watch]`": followed.WatchTable,
    "Amounts": model.Quantity,
}

CASE_TABLES = {
    "The top of the file": case.Case,
    "`[assumptions.NAME]`": assumption.Assumption,
    "`[[correlations]]`": assumption.Correlation,
    "`[staffing.NAME]`": staffing.Staffing,
    "`[lines.NAME]`": lines.Line,
    "`[lines.NAME.profile]`": lines.Profile,
    "`[tax]`": case.Tax,
    "`[inflation]`": case.Rated,
    "`[optimism]`": case.Optimism,
    "`[simulation]`": case.Simulation,
    "`[scenarios.NAME]`": case.Scenario,
    "`[[actuals]]`": case.Actual,
    "`[[reforecasts]]`": case.Reforecast,
    "`[[budgets]]`": budgets.Budget,
}


def sections(page: str) -> dict[str, str]:
    """The text under every heading of PAGE, without that under the next heading."""
    parts = re.split(r"^#+ (.+)$", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(section: str) -> list[list[str]]:
    """The cells of the section's table, without its head."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_of_the_workspace_file_is_described_and_no_other(heading):
    described = [name for row in rows(sections("workspace.md")[heading]) for name in names(row[0])]
    assert sorted(described) == sorted(TABLES[heading].model_fields)


@pytest.mark.parametrize("heading", TABLES)
def test_keys_without_which_a_table_is_refused_are_called_needed(heading):
    needed = {
        names(row[0])[0] for row in rows(sections("workspace.md")[heading]) if row[2] == "needed"
    }
    fields = TABLES[heading].model_fields
    assert {name for name, field in fields.items() if field.is_required()} <= needed


@pytest.mark.parametrize("heading", CASE_TABLES)
def test_every_key_of_a_case_file_is_described_and_what_is_needed_is_called_so(heading):
    table = [row for row in rows(sections("business-case.md")[heading]) if len(row) == 4]
    fields = CASE_TABLES[heading].model_fields
    assert sorted(names(row[0])[0] for row in table) == sorted(fields)
    needed = {names(row[0])[0] for row in table if row[2] == "needed"}
    assert needed == {name for name, field in fields.items() if field.is_required()}


def test_the_cost_formulas_stand_in_the_documentation_as_they_are_defined():
    behind = [page.name for page, text in definitions.pages().items() if page.read_text() != text]
    assert behind == [], "run tools/definitions.py"


def test_every_way_to_aggregate_is_described():
    described = [
        name for row in rows(sections("workspace.md")["Joining"]) for name in names(row[0])
    ]
    assert sorted(described) == sorted(get_args(model.Aggregate))


def commands() -> dict[str, Any]:
    """Every command by what is typed."""
    root = get_command(app)
    context = root.make_context("zaplecze", ["doctor"])
    found = {"zaplecze": root}
    for name in ORDER:
        command = root.get_command(context, name)
        children = getattr(command, "commands", None) or {"": command}
        found |= {f"zaplecze {name} {child}".strip(): each for child, each in children.items()}
    return found


def test_every_command_has_a_section_and_every_section_a_command():
    described = {
        heading for heading in sections("command-line.md") if heading.startswith("zaplecze")
    }
    assert described == set(commands())


def test_every_option_and_argument_is_described_and_no_other():
    for typed, command in commands().items():
        described = [n for row in rows(sections("command-line.md")[typed]) for n in names(row[0])]
        known = []
        for param in command.params:
            options = [name.strip() for name in (*param.opts, *param.secondary_opts)]
            known += [name for name in options if name]
        assert sorted(described) == sorted(known), typed


def test_every_reason_to_refuse_a_row_is_described():
    described = [
        name for row in rows(sections("event-log.md")["Refused rows"]) for name in names(row[0])
    ]
    assert sorted(described) == sorted(reasons.REASONS)


def test_every_key_of_log_json_is_described():
    described = [
        name for row in rows(sections("event-log.md")["`log.json`"]) for name in names(row[0])
    ]
    assert sorted(described) == sorted(LogInfo.__dataclass_fields__)


def test_every_key_of_findings_json_is_described():
    described = [name for row in _findings_rows() for name in names(row[0])]
    lever = [
        "lever_id",
        "lever_kind",
        "label",
        "step",
        "step_label",
        "department",
        "department_label",
    ]
    keys = [*Findings.__dataclass_fields__, *Finding.__dataclass_fields__, *lever]
    assert sorted(described) == sorted(keys)


def _findings_rows() -> list[list[str]]:
    lines = sections("report-formats.md")["`findings.json`"].splitlines()
    return [
        [c.strip() for c in line.strip("|").split(" | ")] for line in lines if line[:3] == "| `"
    ]


def test_the_lines_for_a_notebook_run_as_they_stand(tmp_path, monkeypatch):
    [lines] = re.findall(
        r"```python\n(.*?)```", sections("getting-started.md")["In a notebook"], re.S
    )
    (tmp_path / "exports").mkdir()
    (tmp_path / "zaplecze.toml").write_text(sample.WORKSPACE, encoding="utf-8")
    (tmp_path / "exports" / "events.csv").write_text(sample.EVENTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    *statements, last = ast.parse(lines).body
    names: dict[str, Any] = {}
    exec(compile(ast.Module(statements, []), "getting-started.md", "exec"), names)
    shown = eval(compile(ast.Expression(last.value), "getting-started.md", "eval"), names)
    names["log"].close()
    assert [row["case_id"] for row in shown] == ["1", "2"]


@pytest.mark.long
def test_the_site_builds_strictly_and_fetches_nothing_from_elsewhere(tmp_path):
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--site-dir",
        tmp_path,
    ]
    done = subprocess.run(command, cwd=DOCS.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    fetched = re.compile(r"""<(?:script|link|img|source)\b[^>]*(?:src|href)=["']?(?:https?:)?//""")
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 10
    assert [str(page) for page in pages if fetched.search(page.read_text(encoding="utf-8"))] == []
