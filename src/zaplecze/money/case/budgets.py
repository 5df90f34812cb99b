"""Budgets by department and line: plan, committed, actual, forecast; back office beside marketing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError

from zaplecze.errors import InputError, unreadable
from zaplecze.language import LANGUAGES, N_, Text, say
from zaplecze.money.finance import LARGEST
from zaplecze.workspace import Table
from zaplecze.workspace.explain import explain

Side = Literal["back office", "front line", "marketing"]
Money = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
AMOUNTS = ("plan", "committed", "actual", "forecast")


class Budget(Table):
    """What a department may spend on one thing, what it is bound to, has spent and expects to."""

    department: str
    line: str
    side: Side
    plan: Money
    committed: Money = 0.0
    actual: Money = 0.0
    forecast: Money | None = None


@dataclass(frozen=True)
class BudgetRow:
    """Budgets added up; ``variance`` is forecast less plan (above zero: overspent) and
    ``available`` what is neither spent nor committed."""

    side: Side | None
    department: str | None
    line: str | None
    plan: float
    committed: float
    actual: float
    forecast: float
    variance: float
    variance_share: float | None
    available: float


@dataclass(frozen=True)
class BudgetReport:
    """Every line, and the same added up by department, by side and in all."""

    lines: list[BudgetRow]
    departments: list[BudgetRow]
    sides: list[BudgetRow]
    total: BudgetRow

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def budget_report(budgets: Sequence[Budget]) -> BudgetReport:
    """BUDGETS added up; without a forecast of its own a line is expected to cost its plan, or
    what is spent and committed where that is more already."""
    departments = list(dict.fromkeys((b.side, b.department) for b in budgets))
    sides = [side for side in get_args(Side) if any(b.side == side for b in budgets)]
    return BudgetReport(
        lines=[_row([b], b.side, b.department, b.line) for b in budgets],
        departments=[
            _row([b for b in budgets if (b.side, b.department) == pair], pair[0], pair[1])
            for pair in departments
        ],
        sides=[_row([b for b in budgets if b.side == side], side) for side in sides],
        total=_row(budgets),
    )


def read_budgets(path: Path) -> list[Budget]:
    """The budgets of a CSV file with the columns department, line, side, plan and, if known,
    committed, actual, forecast.

    Raises `InputError` naming file, row, column, value and remedy, for every fault at once.
    """
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    columns = reader.fieldnames or []
    needed = [name for name, each in Budget.model_fields.items() if each.is_required()]
    if missing := [name for name in needed if name not in columns]:
        raise InputError(
            say(
                N_("{file}: the columns {missing} are missing. There are: {columns}. Add or rename them."),
                file=str(path), missing=", ".join(missing), columns=", ".join(columns),
            )
        )  # fmt: skip
    budgets, faults = [], []
    for number, row in enumerate(reader, start=2):
        if row.get(reader.restkey) is not None:
            faults.append(
                say(
                    N_("{file}:{row}: there are more values than columns. Put a value with commas in quotes."),
                    file=str(path), row=number,
                )
            )  # fmt: skip
            continue
        given = {name: row[name] for name in Budget.model_fields if row.get(name)}
        try:
            budgets.append(Budget.model_validate(given, strict=False))
        except ValidationError as error:
            place = Path(f"{path}:{number}")
            faults += [
                line for fault in error.errors() for line in explain(place, dict(fault), Budget)
            ]
    if faults:
        raise InputError(
            Text((lang, "\n".join(line[lang] for line in faults)) for lang in LANGUAGES)
        )
    return budgets  # fmt: skip


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(unreadable(path, error)) from None


def _row(
    budgets: Sequence[Budget],
    side: Side | None = None,
    department: str | None = None,
    line: str | None = None,
) -> BudgetRow:
    plan, committed, actual = (
        sum(getattr(b, name) for b in budgets) for name in ("plan", "committed", "actual")
    )
    forecast = sum(_expected(b) for b in budgets)
    return BudgetRow(
        side, department, line, plan, committed, actual, forecast,
        variance=forecast - plan,
        variance_share=(forecast - plan) / plan if plan else None,
        available=plan - committed - actual,
    )  # fmt: skip


def _expected(budget: Budget) -> float:
    if budget.forecast is not None:
        return budget.forecast
    return max(budget.plan, budget.committed + budget.actual)
