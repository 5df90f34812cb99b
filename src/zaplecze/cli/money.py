"""``zaplecze money``: what work and projects are worth."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaplecze.cli import console
from zaplecze.cli.options import JsonOption, with_parameters
from zaplecze.language import N_, Text, ends, number, percent, say
from zaplecze.money.formulas import FORMULAS, UNITS, Formula

if TYPE_CHECKING:
    from zaplecze.money.finance import Appraisal
    from zaplecze.money.formulas import Worked

app = typer.Typer(rich_markup_mode=None)

InputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        metavar="NAME=VALUE",
        help=N_("An input or a measured step: 95, 20+35+40, or a range low..likely..high."),
    ),
]
SolveOption = Annotated[
    str | None, typer.Option(help=N_("Work backwards: the input that --target asks for."))
]
TargetOption = Annotated[float | None, typer.Option(help=N_("What the result shall be."))]


@app.callback()
def money() -> None:
    """What work and projects are worth."""


@app.command()
def npv(
    rate: Annotated[float, typer.Option(help=N_("Discount rate a period, as a fraction: 0.1."))],
    flows: Annotated[
        str, typer.Option(metavar="A,B,C", help=N_("Cash flows in order; what is paid below zero."))
    ],
    dates: Annotated[
        str | None,
        typer.Option(
            metavar="D,E,F", help=N_("Days of the flows, like 2026-12-24; the rate is a year's.")
        ),
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help=N_("Discount the first flow too, as spreadsheets do."))
    ] = False,
    finance_rate: Annotated[
        float | None,
        typer.Option(help=N_("What money out costs, for the modified rate of return.")),
    ] = None,
    reinvest_rate: Annotated[
        float | None, typer.Option(help=N_("What money in earns, for the modified rate of return."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Present value, rates of return and payback of a row of cash flows."""
    from zaplecze.errors import InputError
    from zaplecze.money.finance import appraise, appraise_dated

    amounts = [_amount(part) for part in flows.replace(";", ",").split(",") if part.strip()]
    if dates is None:
        found = appraise(
            amounts, rate, excel=excel, finance_rate=finance_rate, reinvest_rate=reinvest_rate
        )
    elif excel or finance_rate is not None or reinvest_rate is not None:
        raise InputError(
            say(
                N_(
                    "--dates goes with neither --excel nor --finance-rate nor --reinvest-rate. Leave one out."
                )
            )
        )
    else:
        days = [day_of("--dates", part.strip()) for part in dates.split(",") if part.strip()]
        found = appraise_dated(amounts, days, rate)
    if as_json:
        console.print_json(found.to_dict())
        return
    unit = N_("{n} years") if dates else N_("{n} periods")
    _print_pairs(say(N_("What the cash flows are worth")), appraisal_rows(found, unit))
    for note in found.notes:
        console.tell(note)


@app.command()
def formulas(as_json: JsonOption = False) -> None:
    """The cost formulas, by name."""
    if as_json:
        console.print_json({"formulas": [_described(each) for each in FORMULAS.values()]})
        return
    language = console.language()
    console.print_table(
        say(N_("Cost formulas")),
        [(say(N_("Name")), "left"), (say(N_("Prices")), "left"), (say(N_("Inputs")), "left")],
        [
            [each.id, each.title[language], ", ".join(need.name for need in each.inputs)]
            for each in FORMULAS.values()
        ],
    )


@app.command()
def formula(
    name: Annotated[
        str, typer.Argument(metavar="ID", help=N_("The formula; see 'money formulas'."))
    ],
    given: InputOption = None,
    solve: SolveOption = None,
    target: TargetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work a cost formula out; without inputs: what it needs and how it calculates."""
    from zaplecze.money.formulas import find

    found = find(FORMULAS, name)
    if not given:
        _show(found, as_json)
        return
    _work_out(found, _pairs(given), solve, target, as_json)


def _command(found: Formula) -> Callable[..., None]:
    """A command with an option for every input of the formula FOUND."""

    def command(**options: Any) -> None:
        shared = {key: options.pop(key) for key in ("given", "solve", "target", "as_json")}
        words = {name: value for name, value in options.items() if value is not None}
        words |= _pairs(shared["given"] or [])
        if not words:
            _show(found, shared["as_json"])
            return
        _work_out(found, words, shared["solve"], shared["target"], shared["as_json"])

    annotations: dict[str, Any] = {
        need.name: Annotated[
            str | None, typer.Option(f"--{need.name.replace('_', '-')}", help=need.message)
        ]
        for need in found.inputs
    }
    annotations |= {
        "given": InputOption, "solve": SolveOption, "target": TargetOption, "as_json": JsonOption
    }  # fmt: skip
    defaults = dict.fromkeys(annotations) | {"as_json": False}
    return with_parameters(
        command,
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name], annotation=kind)
            for name, kind in annotations.items()
        ],
    )  # fmt: skip


for _formula in FORMULAS.values():
    app.command(_formula.id, help=_formula.title_message)(_command(_formula))


def appraisal_rows(found: "Appraisal", unit: str) -> list[tuple[Text, Text]]:
    """FOUND as rows of a table; paybacks in UNIT."""
    none = say(N_("none"))
    irr = percent(found.irr, 2) if found.irr is not None and found.irr_unique else none
    if len(found.irr_roots) > 1:
        irr = say(N_("not unique"))

    def after(periods: float | None) -> Text:
        return say(N_("never in this time")) if periods is None else say(unit, n=number(periods, 1))

    ratio = found.benefit_cost_ratio
    return [
        (say(N_("Net present value")), number(found.npv, 2)),
        (say(N_("Rate of return")), irr),
        (
            say(N_("Modified rate of return")),
            none if found.mirr is None else percent(found.mirr, 2),
        ),
        (say(N_("Payback")), after(found.payback_periods)),
        (say(N_("Discounted payback")), after(found.discounted_payback_periods)),
        (say(N_("Benefits to costs")), none if ratio is None else number(ratio, 2)),
    ]


def _print_pairs(title: Text, rows: list[tuple[Text, Text]]) -> None:
    language = console.language()
    console.print_table(
        title,
        [(Text.same(""), "left"), (Text.same(""), "right")],
        [[label[language], value[language]] for label, value in rows],
    )


def _work_out(
    found: Formula, words: dict[str, str], solve: str | None, target: float | None, as_json: bool
) -> None:
    from zaplecze.errors import InputError
    from zaplecze.money.formulas import Given, read_given, work_out
    from zaplecze.money.formulas import solve as solve_for

    given = read_given(found, words)
    if (solve is None) != (target is None):
        raise InputError(say(N_("--solve and --target belong together. Give both, or neither.")))
    solved = None
    if solve is not None and target is not None:
        solved = solve_for(found, given, solve, target)
        given = {**given, solve: Given(solved)}
    worked = work_out(found, given)
    if as_json:
        extra = {} if solved is None else {"solved": {"input": solve, "value": solved}}
        console.print_json(worked.to_dict() | extra)
        return
    if solved is not None:
        console.tell(say(N_("'{name}' is {value}."), name=solve or "", value=number(solved, 4)))
    _print_worked(worked)


def _print_worked(worked: "Worked") -> None:
    language = console.language()
    rows = [
        [
            step.label[language],
            figure(step.value)[language],
            _range(step.interval)[language],
            say(UNITS[step.unit])[language],  # type: ignore[index]  # the unit of a step is one
            step.words[language],
        ]
        for step in worked.steps
    ]
    console.print_table(
        worked.title,
        [
            (say(N_("Step")), "left"),
            (say(N_("Value")), "right"),
            (say(N_("Range (90 %)")), "right"),
            (say(N_("Unit")), "left"),
            (say(N_("Calculation")), "left"),
        ],
        rows,
    )
    for step_name, lacking in worked.left_out.items():
        console.tell(
            say(
                N_("'{step}' is left out: it needs {names}."),
                step=step_name,
                names=", ".join(lacking),
            )
        )
    for need in worked.inputs:
        if need.basis == "default" and need.value:
            console.tell(
                say(
                    N_("'{name}' was not given: {value} is assumed."),
                    name=need.name,
                    value=figure(need.value),
                )
            )
    for note in (*worked.notes, *worked.caveats):
        console.tell(note)


def _show(found: Formula, as_json: bool) -> None:
    """What a formula needs and how it calculates."""
    if as_json:
        console.print_json(_described(found))
        return
    language = console.language()
    console.print_table(
        found.title,
        [(say(N_("Input")), "left"), (say(N_("Means")), "left"), (say(N_("Unit")), "left"), (say(N_("Default")), "right")],
        [
            [need.name, need.label[language], say(UNITS[need.unit])[language], _default(need)[language]]
            for need in found.inputs
        ],
    )  # fmt: skip
    console.print_table(
        say(N_("How it calculates")),
        [(say(N_("Step")), "left"), (say(N_("Means")), "left"), (say(N_("Calculation")), "left")],
        [[step.name, step.label[language], found.in_words(step)[language]] for step in found.steps],
    )
    for caveat in found.caveats:
        console.tell(caveat)
    console.tell(say(N_("Source: {source}."), source=found.source))


def _default(need: Any) -> Text:
    if need.default is not None:
        return figure(need.default)
    return say(N_("may be missing")) if need.optional else say(N_("needed"))


def _described(found: Formula) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.title,
        "inputs": [
            {
                "name": need.name,
                "label": need.label,
                "unit": need.unit,
                "default": need.default,
                "optional": need.optional,
                "plausible": [each if each != float("inf") else None for each in need.plausible],
            }
            for need in found.inputs
        ],
        "steps": [
            {
                "name": step.name,
                "label": step.label,
                "unit": step.unit,
                "formula": step.source,
                "words": found.in_words(step),
            }
            for step in found.steps
        ],
        "result": found.result,
        "source": found.source,
        "caveats": found.caveats,
    }


def figure(value: float, more: int = 0) -> Text:
    """VALUE with as many decimals as its size asks for, and MORE."""
    if abs(value) >= 1000 or value == round(value):
        return number(value, more)
    return number(value, (2 if abs(value) >= 0.1 else 4) + more)


def _range(interval: tuple[float, float] | None) -> Text:
    if interval is None:
        return Text.same("")
    low, high = ends(*interval, figure)
    return say(N_("{low} to {high}"), low=low, high=high)


def _pairs(given: list[str]) -> dict[str, str]:
    from zaplecze.errors import InputError

    words = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign:
            raise InputError(
                say(N_("--input {given}: write NAME=VALUE, like minutes=95."), given=each)
            )
        words[name.strip().replace("-", "_")] = value.strip()
    return words


def _amount(part: str) -> float:
    from zaplecze.errors import InputError

    try:
        return float(part.strip().replace("−", "-").replace("_", ""))
    except ValueError:
        raise InputError(
            say(N_("--flows: '{part}' is no amount of money. Write numbers with commas between, like -100,60,60."), part=part.strip())
        ) from None  # fmt: skip


def day_of(option: str, part: str) -> Any:
    """PART of OPTION as a day; raises `InputError` where it is none."""
    import datetime as dt

    from zaplecze.errors import InputError

    try:
        return dt.date.fromisoformat(part)
    except ValueError:
        raise InputError(
            say(N_("{option}: '{part}' is no day. Write days like 2026-12-24."), option=option, part=part)
        ) from None  # fmt: skip
