"""The workbook of a case recomputes: other engines find what we do, whatever a person changes."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.report.recalculation import (
    SOFFICE,
    Cells,
    by_formulas,
    by_libreoffice,
    cached,
    changed,
)

from zaplecze.language import LANGUAGES
from zaplecze.money.case import Case, CaseResult, load_case, work_out_case
from zaplecze.report.casebook import case_workbook

RICH = """
name = "=Answers in a week"
currency = "EUR"
start = 2026-01-31
months = 30
discount_rate = 0.09

[tax]
rate = 0.19
carry_losses = true

[inflation]
rate = 0.03

[optimism]
costs = 0.2
benefits = 0.1

[simulation]
draws = 1000

[assumptions.complaints]
value = 1200

[assumptions.Complaints]
value = 3

[assumptions.avoided]
low = 0.05
likely = 0.20
high = 0.30

[assumptions.cost]
distribution = "normal"
mean = 150
sd = 20

[assumptions.project]
distribution = "triangular"
low = 8000
likely = 10000
high = 15000

[assumptions.kept]
distribution = "beta"
alpha = 3
beta = 9

[staffing.desk]
calls = "complaints / 4"
handling_seconds = "200"
patience_seconds = 200
profile = [1, 2, 1]
service_level = 0.8
within_seconds = 30

[lines.project]
kind = "cost"
owner = "IT"
amount = "project * max(1, floor(Complaints / 2))"
per = "once"

[lines.rollout]
kind = "cost"
owner = "IT"
amount = "project / 4"
per = "once"
start = 2026-05-15
inflates = false

[lines.desk]
kind = "cost"
owner = "Service"
amount = "desk * 2"
per = "month"
end = 2027-09-10
taxed = false

[lines.complaint]
kind = "saving"
owner = "Service"
formula = "complaint"
result = "cost_per_year"
inputs = { minutes = "cost / 2", hourly_cost = "30", volume = "complaints * avoided" }
start = 2026-04-10
ramp_months = 4
growth = 0.05

[lines.loyal]
kind = "revenue"
owner = "Sales"
amount = "complaints * cost / 2"
per = "year"
start = 2026-06-01
attribution = "kept"
customers = "complainants"
reach = "avoided"

[lines.more]
kind = "revenue"
owner = "Sales"
amount = "complaints * 40"
per = "year"
start = 2026-08-01
attribution = 0.5
customers = "complainants"
reach = 0.3

[lines.hours]
kind = "saving"
owner = "Service"
amount = "complaints * avoided / 12"
per = "month"
realised_as = "time"

[scenarios.late]
assumptions = { cost = 120, avoided = 0.15 }
delay_months = 2.5

[scenarios.without]
without = ["loyal", "rollout"]
"""
ACTUALS = """
[[actuals]]
line = "project"
month = 2026-01-31
amount = 12_500
evidence = "invoice 7"
cause = "price"

[[actuals]]
line = "complaint"
month = 2026-05-20
amount = 900
evidence = "count"

[[actuals]]
line = "complaint"
month = 2026-05-21
amount = 150
evidence = "count"
cause = "uptake"

[[reforecasts]]
line = "complaint"
since = 2026-04-01
factor = 0.8
reason = "slower"

[[reforecasts]]
line = "complaint"
since = 2027-02-01
factor = 0.9
reason = "catches up"
"""


@dataclass(frozen=True)
class Variant:
    """A change of cells (by the name of a number or of a cell) and the same one in the case file."""

    cells: dict[str, float]
    texts: list[tuple[str, str]] = field(default_factory=list)
    scenario: str | None = None


VARIANTS = {
    "more complaints avoided": Variant({"avoided": 0.27}, [("likely = 0.20", "likely = 0.27")]),
    "a dearer project": Variant({"project": 30_000}, [("likely = 10000", "likely = 30000"), ("high = 15000", "high = 30000")]),
    "another rate": Variant({"discount_rate": 0.14}, [("discount_rate = 0.09", "discount_rate = 0.14")]),
    "no inflation": Variant({"inflation_on": 0}, [("rate = 0.03", "rate = 0.03\napply = false")]),
    "losses count at once": Variant({"tax_carry": 0}, [("carry_losses = true", "carry_losses = false")]),
    "no tax": Variant({"tax_on": 0}, [("carry_losses = true", "carry_losses = true\napply = false")]),
    "less optimism": Variant({"optimism_benefits": 0.3}, [("benefits = 0.1", "benefits = 0.3")]),
    "nothing comes back": Variant({"cost": 0.0}, [("mean = 150", "mean = 0"), ("sd = 20", "sd = 0.1")]),
    "later": Variant({"scenario": 1}, scenario="late"),
    "smaller": Variant({"scenario": 2}, scenario="without"),
}  # fmt: skip


def worked(folder: Path, text: str) -> tuple[Case, CaseResult]:
    file = folder / "case.toml"
    file.write_text(text, encoding="utf-8")
    case = load_case(file)
    return case, work_out_case(case)


def book_of(case: Case, result: CaseResult, language: str = "en") -> bytes:
    return case_workbook(case, result, language)


def place_of(content: bytes, name: str) -> tuple[str, str]:
    """The cell in which a person changes NAME: the planned one, beside the one in use."""
    names = openpyxl.load_workbook(io.BytesIO(content)).defined_names
    number = f"in_{name}" in names
    sheet, _, cell = names[f"in_{name}" if number else name].attr_text.replace("$", "").partition("!")  # fmt: skip
    return sheet.strip("'"), cell.replace("B", "C") if number else cell


def figures(cells: Cells, content: bytes, sheet: str = "Returns") -> dict[str, Any]:
    """The figures of the plan on the sheet of returns."""
    rows = openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(max_col=2)
    found: dict[str, Any] = {}
    for row in rows:
        if (label := row[0].value) and (sheet, row[1].coordinate) in cells:
            found.setdefault(label, cells[sheet, row[1].coordinate])
    return found


def same(found: Any, expected: Any, scale: float = 0.0) -> bool:
    """Equal to 1e-9, or to what is lost in differences of sums as large as SCALE."""
    if isinstance(expected, str) or not isinstance(found, int | float):
        return bool(found == expected)
    return abs(found - expected) <= 1e-9 * abs(expected) + 1e-13 * scale


def all_same(found: Cells, expected: Cells) -> list[tuple[Any, ...]]:
    """Where FOUND is another value than EXPECTED."""
    scale = max(abs(v) for v in expected.values() if isinstance(v, int | float))
    return [
        (place, found.get(place), value)
        for place, value in expected.items()
        if not same(found.get(place), value, scale)
    ]


def check_figures(found: dict[str, Any], result: CaseResult, scenario: str | None) -> None:
    plan = result.plan
    if scenario is not None:
        plan = next(each.plan for each in result.scenarios if each.name == scenario)
    expected = {
        "Net present value": plan.npv,
        "Rate of return": plan.irr,
        "Modified rate of return": plan.mirr,
        "Payback, months": plan.payback_periods,
        "Discounted payback, months": plan.discounted_payback_periods,
        "Benefits to costs": plan.benefit_cost_ratio,
    }
    for label, value in expected.items():
        assert same(found[label], "–" if value is None else value), (label, found[label], value)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, CaseResult, bytes]:
    case, result = worked(tmp_path_factory.mktemp("rich"), RICH + ACTUALS)
    return case, result, book_of(case, result)


needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def recalculated(
    rich: tuple[Case, CaseResult, bytes], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Cells]:
    """Every variant, changed in the sheet and recalculated by LibreOffice."""
    folder, out = tmp_path_factory.mktemp("changed"), tmp_path_factory.mktemp("recalculated")
    content = rich[2]
    files = [
        changed(
            content,
            {place_of(content, name): value for name, value in variant.cells.items()},
            folder / f"{number}.xlsx",
        )
        for number, variant in enumerate(VARIANTS.values())
    ]
    return dict(zip(VARIANTS, by_libreoffice(files, out), strict=True))


@pytest.mark.long
@needs_libreoffice
def test_libreoffice_finds_every_cached_value(rich, tmp_path):
    expected = cached(rich[2])
    assert len(expected) > 1_000
    file = changed(rich[2], {}, tmp_path / "case.xlsx")
    assert all_same(by_libreoffice([file], tmp_path / "out")[0], expected) == []


@pytest.mark.long
@needs_libreoffice
@pytest.mark.parametrize("name", VARIANTS)
def test_a_changed_cell_gives_what_the_changed_case_gives(name, rich, recalculated, tmp_path):
    variant, text = VARIANTS[name], RICH + ACTUALS
    for before, after in variant.texts:
        assert before in text
        text = text.replace(before, after, 1)
    _, result = worked(tmp_path, text)
    check_figures(figures(recalculated[name], rich[2]), result, variant.scenario)
    if variant.scenario is None:
        assert result.tracking is not None
        [*_, npv] = returns(recalculated[name], rich[2], "Net present value")
        [*_, ratio] = returns(recalculated[name], rich[2], "Benefits to costs")
        assert same(npv, result.tracking.expected.npv)
        assert same(ratio, result.tracking.expected.benefit_cost_ratio)


def returns(cells: Cells, content: bytes, label: str) -> list[float]:
    """A figure of the returns: as planned, then as expected."""
    rows = openpyxl.load_workbook(io.BytesIO(content))["Returns"].iter_rows(max_col=2)
    return [cells["Returns", row[1].coordinate] for row in rows if row[0].value == label]


@pytest.mark.long
def test_another_engine_agrees_and_says_when_staffing_no_longer_fits(rich, tmp_path):
    content = rich[2]
    changes = {"avoided": 0.27, "Complaints_": 5.0}
    cells = {place_of(content, name): value for name, value in changes.items()}
    found = by_formulas(changed(content, cells, tmp_path / "changed.xlsx"))
    text = (RICH + ACTUALS).replace("likely = 0.20", "likely = 0.27")
    case, result = worked(tmp_path, text.replace("value = 3\n", "value = 5\n"))
    check_figures(figures(found, content), result, None)
    # What an input of its own holds stands only in the workbook of that case.
    again = {place: v for place, v in cached(book_of(case, result)).items() if place[0] != "Inputs"}
    assert all_same(found, again) == []
    busier = {**cells, place_of(content, "complaints"): 2_400.0}
    found = by_formulas(changed(content, busier, tmp_path / "busier.xlsx"))
    notes = [value for (sheet, _), value in found.items() if sheet == "Summary"]
    assert any(isinstance(n, str) and n.startswith("Staffing was worked out for other") for n in notes)  # fmt: skip


@pytest.mark.long
def test_cached_values_are_those_of_the_result(rich):
    _, result, content = rich
    cells = cached(content)
    check_figures(figures(cells, content), result, None)
    flow = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Cash flow"]
    head = next(row for row in flow.iter_rows(values_only=True) if row[0] == "Month")
    rows = [row for row in flow.iter_rows(values_only=True) if isinstance(row[0], int | float)]
    for label, expected in (
        ("Costs", result.cash_flow.costs),
        ("Benefits", result.cash_flow.benefits),
        ("Tax", result.cash_flow.tax),
        ("Net cash", result.cash_flow.net),
        ("Discounted so far", result.cash_flow.cumulative_discounted),
    ):
        assert [row[head.index(label)] for row in rows] == pytest.approx(expected, abs=1e-6)
    assert [row[1].date().isoformat() for row in rows] == result.cash_flow.dates


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_book_is_written_in_every_language(rich, language):
    case, result, _ = rich
    book = openpyxl.load_workbook(io.BytesIO(book_of(case, result, language)), data_only=True)
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 10
    assert book.worksheets[0]["A1"].value == result.sentence[language]


@pytest.mark.long
def test_a_name_that_looks_like_a_formula_stays_text(rich):
    book = openpyxl.load_workbook(io.BytesIO(rich[2]))
    assert all(
        cell.data_type == "s"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=Answers")
    )


@pytest.mark.long
def test_an_invoice_of_what_is_paid_once_is_no_second_one_in_the_book(tmp_path):
    text = RICH + ACTUALS.replace("month = 2026-01-31", "month = 2026-03-05")
    case, result = worked(tmp_path, text)
    assert result.tracking is not None
    content = book_of(case, result)
    found = by_formulas(changed(content, {}, tmp_path / "same.xlsx"))
    [_, npv] = returns(found, content, "Net present value")
    assert same(npv, result.tracking.expected.npv)
    project = next(line for line in result.tracking.lines if line.name == "project")
    assert project.expected_total == 12_500
    sheet = "Planned against actual"
    rows = openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows()
    row = next(r for r in rows if isinstance(r[1].value, str) and "SUM(" in r[1].value)
    shown = [found[sheet, row[k].coordinate] for k in (1, 2, 3, 7, 8)]
    plan = project.planned
    assert shown == pytest.approx([plan, 12_500, 12_500 - plan, plan, 12_500])


@pytest.mark.long
def test_actuals_stand_against_a_frozen_plan(tmp_path):
    case, _ = worked(tmp_path, RICH + ACTUALS)
    planned = {name: [100.0] * 31 for name in case.lines}
    result = work_out_case(case, planned=planned)
    cells = cached(case_workbook(case, result, "en", planned))
    assert result.tracking is not None
    tracked = [v for (sheet, place), v in cells.items() if sheet == "Planned against actual" and place.startswith("B")]  # fmt: skip
    assert tracked == pytest.approx([line.planned for line in result.tracking.lines])


BUDGETS = "".join(
    f'\n[[budgets]]\ndepartment = "{department}"\nline = "{line}"\nside = "{side}"\n{amounts}\n'
    for side, department, line, amounts in (
        ("back office", "IT", "alerts", "plan = 120\ncommitted = 20\nactual = 90\nforecast = 130"),
        ("marketing", "Campaigns", "posters", "plan = 500\nactual = 610"),
        ("back office", "IT", "=licences", "plan = 80\nactual = 30"),
        ("back office", "it", "other", "plan = 0\nactual = 5"),
    )
)


@pytest.mark.long
@needs_libreoffice
def test_budgets_add_up_by_formulas_also_when_an_amount_changes(tmp_path):
    case, result = worked(tmp_path, RICH + BUDGETS)
    content = book_of(case, result)
    expected = cached(content)
    report = result.budgets
    assert report is not None
    rows = list(openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Budgets"].values)
    [total] = [row for row in rows if row[0] == "In all"]
    given = [getattr(report.total, name) for name in ("plan", "committed", "actual", "forecast")]
    assert list(total[3:10]) == [*given, report.total.variance, report.total.variance_share, report.total.available]  # fmt: skip
    assert [row[3] for row in rows if row[1] == "IT" and row[2] is None] == [200]
    same_file = changed(content, {}, tmp_path / "same.xlsx")
    assert all_same(by_libreoffice([same_file], tmp_path / "out")[0], expected) == []
    # The last line keeps to no forecast: it is expected to cost what is spent.
    [place] = [
        cell.offset(0, 3).coordinate
        for row in openpyxl.load_workbook(io.BytesIO(content))["Budgets"].iter_rows()
        for cell in row
        if cell.value == "other"
    ]
    file = changed(content, {("Budgets", place): 45}, tmp_path / "more.xlsx")
    case, result = worked(tmp_path, RICH + BUDGETS.replace("actual = 5", "actual = 45"))
    again = {p: v for p, v in cached(book_of(case, result)).items() if p[0] == "Budgets"}
    found = by_libreoffice([file], tmp_path / "out")[0]
    assert all_same(found, again) == []


def test_equal_cases_give_equal_bytes(rich):
    assert book_of(*rich[:2]) == rich[2]
