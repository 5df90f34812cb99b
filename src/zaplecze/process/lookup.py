"""Names that a filter mentions become SQL over a log; unknown ones are told with what is close."""

import datetime as dt
import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.eventlog.sql import ident, literal, literals
from zaplecze.language import N_, Text, say

_YES_NO = {"yes": "1", "no": "0"}


@dataclass(frozen=True)
class Names:
    """The steps, departments, attributes and outcomes of a log."""

    log: EventLog

    def step(self, name: str) -> int:
        """The code of a step."""
        known = self.log.activities
        if name not in known:
            raise InputError(_unknown(N_("There is no step '{name}' in the log."), name, known))
        return known.index(name)

    def department(self, name: str) -> int:
        """The code of a department."""
        known = self.log.departments
        if name not in known:
            message = N_("There is no department '{name}' in the log.")
            raise InputError(_unknown(message, name, known))
        return known.index(name)

    def value_in(self, name: str, values: Sequence[str]) -> str:
        """The condition that the attribute or outcome NAME is one of VALUES."""
        column, kind = ident(name), self._kind(name)
        if kind in ("number", "rating", "count", "amount"):
            numbers = ", ".join(str(_number(name, value)) for value in values)
            return f"{column} IN ({numbers})"
        if kind == "yes_no":
            for value in values:
                if value not in _YES_NO:
                    message = N_("'{name}' is yes or no, and not '{value}'.")
                    raise InputError(say(message, name=name, value=value))
            return f"{column} IN ({', '.join(_YES_NO[value] for value in values)})"
        self._check_values(name, values)
        return f"{column}::VARCHAR IN {literals(list(values))}"

    def number(self, name: str) -> str:
        """The column of an attribute or outcome that is a number."""
        kind = self._kind(name)
        if kind not in ("number", "rating", "count", "amount", "yes_no"):
            raise InputError(
                say(N_("'{name}' holds no numbers. Name the values themselves."), name=name)
            )
        return ident(name)

    def midnight(self, day: dt.date) -> str:
        """The instant at which DAY begins by the clock of the log's zone."""
        local = dt.datetime.combine(day, dt.time(), ZoneInfo(self.log.info.time_zone))
        instant = local.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")
        return f"TIMESTAMP {literal(instant)}"

    def variant_where(self, condition: str) -> str:
        """The condition that the case takes a way whose ``activities`` meet CONDITION."""
        return f"variant IN (SELECT variant FROM all_variants WHERE {condition})"

    def frequent(self, count: int) -> str:
        """The condition that the case takes one of the COUNT most frequent ways."""
        order = variant_order(self.log.activities)
        chosen = f"SELECT variant FROM all_variants ORDER BY {order} LIMIT {count}"
        return f"variant IN ({chosen})"

    def _kind(self, name: str) -> str:
        kinds = self.log.info.attributes | self.log.info.outcomes
        if name not in kinds:
            message = N_("There is no attribute or outcome '{name}' in the log.")
            raise InputError(_unknown(message, name, kinds))
        return kinds[name]

    def _check_values(self, name: str, values: Sequence[str]) -> None:
        """No case has a value: most likely it is misspelt."""
        rows = self.log.connection.execute(
            f"SELECT DISTINCT {ident(name)}::VARCHAR FROM cases WHERE {ident(name)} IS NOT NULL"
        ).fetchall()
        known = {value for (value,) in rows}
        for value in values:
            if value not in known:
                message = N_("No case has the value '{name}' there.")
                raise InputError(_unknown(message, value, sorted(known)))


def variant_order(names: list[str]) -> str:
    """How SQL sorts rows of the variants table; NAMES are those of the activities, by code."""
    in_order = sorted(range(len(names)), key=names.__getitem__)
    rank = [0] * len(names)
    for place, code in enumerate(in_order):
        rank[code] = place
    # DuckDB compares lists as Python does; ranks instead of names keep that comparison on integers.
    return f"cases DESC, list_transform(activities, lambda code: {rank}[code + 1])"


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        message = N_("'{name}' is a number, and '{value}' is none.")
        raise InputError(say(message, name=name, value=value)) from None


def _unknown(message: str, name: str, known: Collection[str]) -> Text:
    """MESSAGE about NAME and what there is instead."""
    fault = say(message, name=name)
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return say(N_("{fault} Did you mean '{close}'?"), fault=fault, close=close[0])
    if not known:
        return fault
    shown = ", ".join(list(known)[:12]) + (" …" if len(known) > 12 else "")
    return say(N_("{fault} There are: {known}."), fault=fault, known=shown)
