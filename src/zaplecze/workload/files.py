"""Files that describe a day of intervals or several lines, read and checked."""

import math
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.workload.day import Load
from zaplecze.workload.demand import Demand, positive
from zaplecze.workload.lines import LineOfCalls
from zaplecze.workload.queue import DEFINITIONS
from zaplecze.workload.staffing import Target

if TYPE_CHECKING:
    from zaplecze.workload.table import Table

_NUMBERS = {
    "calls": 0.0, "per": 3600.0, "aht": None, "patience": None, "redial": 0.0, "reconnect": 0.0,
    "agents": None, "target": 0.8, "within": 20.0, "max_occupancy": 1.0, "minimum": 0.0,
}  # fmt: skip
_OTHERS = ("definition", "forward")


def read_loads(
    table: Any,
    *,
    calls: str = "calls",
    aht: str | float = "aht",
    interval: str | None = None,
    day: str | None = None,
) -> list[Load]:
    """Intervals of TABLE (CSV, Excel, Parquet, or any table that speaks Arrow), in its order.

    CALLS, INTERVAL and DAY name columns; AHT is a column of seconds or a number for all. Without
    INTERVAL and DAY columns of these names are taken where there are any. Where nobody calls the
    handling time may be zero or missing; it is zero then. Raises `InputError` naming file, row,
    column and value.
    """
    # It brings the engine with it, which formulas do without.
    from zaplecze.workload.table import Table

    with Table(table) as source:
        volumes = source.not_negative(calls)
        column = isinstance(aht, str)
        lengths = source.lengths(str(aht), calls) if column else np.full(len(volumes), aht)
        names = [str(k + 1) for k in range(len(volumes))]
        intervals = _names(source, interval, "interval") or names
        days = _names(source, day, "day") or [""] * len(volumes)
    return [
        Load(d, i, float(c), float(s))
        for d, i, c, s in zip(days, intervals, volumes, lengths, strict=True)
    ]


def read_lines(file: Path) -> list[LineOfCalls]:
    """Lines of a TOML file with a table ``[lines.NAME]`` for each; keys as the options of the command.

    Raises `InputError` naming file, line, key and value.
    """
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            say(
                N_("{file}: cannot be read ({error}). Give a TOML file with tables [lines.NAME]."),
                file=str(file), error=str(error),
            )
        ) from None  # fmt: skip
    lines = document.get("lines")
    if not isinstance(lines, dict) or not lines:
        raise InputError(
            say(
                N_("{file}: there are no lines. Write a table [lines.NAME] for each."),
                file=str(file),
            )
        )
    return [_line(str(file), name, table) for name, table in lines.items()]


def _names(source: "Table", given: str | None, usual: str) -> list[str] | None:
    if given is not None:
        return source.names(given)
    return source.names(usual) if source.has(usual) else None


def _line(file: str, name: str, table: Any) -> LineOfCalls:
    values = dict(_NUMBERS)
    others: dict[str, Any] = {"definition": "offered", "forward": {}}
    for key, value in table.items() if isinstance(table, dict) else [("", table)]:
        if key in _NUMBERS and _is_number(value) and (key != "minimum" or value == int(value)):
            values[key] = float(value)
        elif (key == "definition" and value in DEFINITIONS) or (
            key == "forward" and isinstance(value, dict) and all(map(_is_number, value.values()))
        ):
            others[key] = value
        else:
            raise _wrong(file, name, key, value)
    if values["aht"] is None:
        raise _wrong(file, name, "aht", "")
    try:
        return _described(name, values, others)
    except InputError as error:
        raise InputError(
            say(N_("{file}, [lines.{line}]: {fault}"), file=file, line=name, fault=error.text)
        ) from None


def _described(name: str, values: dict[str, float | None], others: dict[str, Any]) -> LineOfCalls:
    agents = values["agents"]
    if agents is not None:
        positive(N_("agents"), agents)
    demand = Demand(
        values["calls"] or 0.0, values["per"] or 0.0, values["aht"] or 0.0,
        values["patience"], values["redial"] or 0.0, values["reconnect"] or 0.0,
    )  # fmt: skip
    target = Target(
        service_level=values["target"] or 0.0,
        within_seconds=values["within"] or 0.0,
        definition=others["definition"],
        maximum_occupancy=values["max_occupancy"] or 0.0,
        minimum_agents=int(values["minimum"] or 0),
    )
    return LineOfCalls(name, demand, target, agents, others["forward"])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong(file: str, line: str, key: str, value: Any) -> InputError:
    return InputError(
        say(
            N_(
                "{file}, [lines.{line}]: '{key}' = '{value}' does not fit. A line has aht and may "
                "have: {keys}; definition is one of {definitions}, forward a table of shares by line."
            ),
            file=file, line=line, key=key, value=str(value),
            keys=", ".join([*_NUMBERS, *_OTHERS]), definitions=", ".join(DEFINITIONS),
        )
    )  # fmt: skip
