"""What every run looks at: did changes help, what left the usual, who owes whom, which contacts delays bring."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.impact.demand import demands
from zaplecze.impact.followed import Changed, Followed
from zaplecze.impact.internal import internal_service, read_answers
from zaplecze.impact.verify import Verification, verify
from zaplecze.impact.verify.scale import Scale
from zaplecze.impact.watch import Watch, watch
from zaplecze.impact.watch.measures import Measure, measures_of
from zaplecze.language import N_, Text, number, say, say_plural
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Change, Workspace
from zaplecze.workspace.followed import LONG_TAILED

_MEASURE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for the measure in the sentences of a verification until its name is known by language."""

_HOUR = 3600.0
_FEWEST_IN_PERIOD = 10


def follow(
    log: EventLog,
    workspace: Workspace,
    data: Path,
    *,
    now: dt.datetime,
    progress: Progress = silent,
) -> Followed | None:
    """What WORKSPACE asks to be looked at again in LOG; None where it asks for nothing.

    Changes are those of ``[[changes]]``, measures are watched with ``[watch]``, and internal service
    is judged with ``[internal_service]``, its survey read from DATA; so are contacts of ``[contacts.NAME]``. A change of which nothing can be
    told says why. Raises `InputError` for a measure to watch that there is not, and for a survey
    that cannot be read.
    """
    asks_for_service = "internal_service" in workspace.model_fields_set
    if not (workspace.changes or workspace.watch or asks_for_service or workspace.contacts):
        return None
    progress(say(N_("Changes, alarms and internal service")), 0.0)
    seen = None
    if (table := workspace.watch) is not None:
        seen = watch(
            log,
            workspace,
            now=now,
            measures=table.measures,
            false_alarms_per_year=table.false_alarms_per_year,
            country=table.country,
            data=data,
            progress=progress,
        )
    service = None
    if asks_for_service:
        service = internal_service(log, workspace, answers=read_answers(workspace, data))
    return Followed(
        changes=list(_changes(log, workspace)),
        watch=_slim(seen) if seen else None,
        service=service,
        demand=demands(log, workspace, data, progress),
    )


def _slim(seen: Watch) -> Watch:
    """SEEN with the values of those measures only that gave an alarm."""
    alarmed = {alarm.measure for alarm in seen.alarms}
    return replace(
        seen,
        watched=[
            each if each.measure in alarmed else replace(each, points=[]) for each in seen.watched
        ],
    )


def _changes(log: EventLog, workspace: Workspace) -> Iterator[Changed]:
    if not workspace.changes:
        return
    measures = {measure.id: measure for measure in measures_of(log, workspace)}
    for change in sorted(workspace.changes, key=lambda each: each.when, reverse=True):
        wanted = [f"outcome:{change.outcome}"] if change.outcome else []
        for key in [*wanted, *(f"wait:{step}" for step in change.steps)]:
            yield _changed(log, workspace, change, key, measures.get(key), measures["arrivals"])


def _changed(
    log: EventLog,
    workspace: Workspace,
    change: Change,
    key: str,
    measure: Measure | None,
    arrivals: Measure,
) -> Changed:
    kind, _, name = key.partition(":")
    if measure is None:
        label = workspace.outcome_label(name) if kind == "outcome" else workspace.step_label(name)
        reason = say(
            N_("The log does not have “{measure}”, or too rarely to follow it."), measure=label
        )
        return Changed(change.label, change.when.isoformat(), key, label, None, reason)
    found, reason_not = None, None
    label = _in_unit(measure)
    try:
        scale = change.scale if _has_a_tail(workspace, key) else "natural"
        verified = _named(_verified(log, change, measure, arrivals, scale), label)
        # Of a change that is still to come there is a plan only.
        if verified.estimate is None:
            reason_not = verified.sentence
        else:
            found = verified
    except InputError as error:
        reason_not = _named(error.text, label)
    return Changed(change.label, change.when.isoformat(), key, label, found, reason_not)


def _has_a_tail(workspace: Workspace, key: str) -> bool:
    """Whether logarithms of the measure KEY can be compared: a wait, or an outcome that is an amount."""
    kind, _, name = key.partition(":")
    return kind == "wait" or workspace.outcomes[name].kind in LONG_TAILED


def _in_unit(measure: Measure) -> Text:
    """What MEASURE is called, with the unit in which it is verified."""
    if measure.unit == "seconds":
        return say(N_("{measure}, hours"), measure=measure.label)
    if measure.unit == "share":
        return say(N_("{measure}, per cent"), measure=measure.label)
    return measure.label


def _verified(
    log: EventLog, change: Change, measure: Measure, arrivals: Measure, scale: Scale
) -> Verification:
    rows = measure.rows
    if change.attribute is not None:
        ways = {way.id: way.rows for way in measure.segmentations}
        if change.attribute not in ways:
            raise InputError(
                say(
                    N_(
                        "[[changes]]: the attribute '{attribute}' is no category, so its values cannot be "
                        "compared. Name another under 'where'."
                    ),
                    attribute=change.attribute,
                )
            )
        rows = ways[change.attribute]
    table, left_out = _rows(log, rows, change, measure, arrivals)
    if not table.num_rows:
        raise InputError(
            say(
                N_("No whole period has at least {fewest} observations: too few to compare."),
                fewest=str(_FEWEST_IN_PERIOD),
            )
        )  # fmt: skip
    if scale == "logarithm":
        _check_positive(table)
    try:
        found = verify(
            table,
            outcome=_MEASURE,
            time="day",
            unit="unit" if change.attribute else None,
            treated_from=change.when.isoformat(),
            treated_units=change.treated,
            method=change.method,
            better=measure.better or "lower",
            # Units are compared by what was counted in each of their periods; `_rows` added it up.
            family="poisson" if measure.kind == "count" and not change.attribute else "gaussian",
            by=None if measure.kind == "count" else change.by,
            worth=change.worth,
            scale=scale,
        )
    except InputError as error:
        if change.attribute is None or change.by != "week" or not _inside(table, change):
            raise
        months = N_("{reason} Months ask for fewer cases a unit: by = 'month' in [[changes]].")
        raise InputError(say(months, reason=error.text)) from None
    return replace(found, caveats=[*found.caveats, *_left_out(left_out)])


def _inside(table: pa.Table, change: Change) -> bool:
    """Whether there are days of TABLE before CHANGE and after it."""
    days = pc.min_max(table.column("day")).as_py()
    return bool(days["min"] < change.when <= days["max"])


def _check_positive(table: pa.Table) -> None:
    """Raise `InputError` where a value of TABLE has no logarithm."""
    values = table.column(_MEASURE).to_numpy()
    if without := int((values <= 0).sum()):
        raise InputError(
            say(
                N_(
                    "{count} of {all} values of “{measure}” are 0 or less and have no logarithm. Take "
                    "scale = 'natural' in [[changes]]."
                ),
                count=number(without),
                all=number(len(values)),
                measure=_MEASURE,
            )
        )


def _left_out(periods: int) -> list[Text]:
    if not periods:
        return []
    return [
        say_plural(
            N_("{count} period is left out: the log holds it in part, or it lies beyond a gap."),
            N_(
                "{count} periods are left out: the log holds them in part, or they lie beyond a gap."
            ),
            periods,
        )
    ]


def _rows(
    log: EventLog, rows: str, change: Change, measure: Measure, arrivals: Measure
) -> tuple[pa.Table, int]:
    """ROWS of the periods around CHANGE as a table of day, value and unit, and how many other periods
    of ROWS are left out: those that the log holds in part, and those beyond one with hardly a row.

    Of what is counted there is a row a period and unit; few of it, or none, is no gap.
    """
    level = "level" if change.attribute else "''"
    scale = {"seconds": 1 / _HOUR, "share": 100.0}.get(measure.unit, 1.0)
    date = "DATE '1970-01-01' + day::INTEGER"
    log.connection.execute(
        "CREATE OR REPLACE TEMP TABLE followed AS "
        f"SELECT {date} AS date, date_trunc('{change.by}', {date})::DATE AS period, "
        f"value * {scale} AS value, {level} AS unit FROM ({rows}) WHERE value IS NOT NULL"
    )
    if measure.kind == "count":
        return _counted(log, change, measure, arrivals)
    periods = log.connection.execute(
        "SELECT period, count(*), "
        "period >= (SELECT min(date) FROM followed) AND "
        f"period + INTERVAL 1 {change.by} <= (SELECT max(date) FROM followed) + INTERVAL 1 DAY "
        "FROM followed GROUP BY period ORDER BY period"
    ).fetchall()
    full = [day for day, count, whole in periods if whole and count >= _FEWEST_IN_PERIOD]
    first, last = _around(full, change)
    table = log.connection.execute(
        f'SELECT date AS "day", value AS "{_MEASURE}", unit FROM followed '
        "WHERE period BETWEEN $first AND $last ORDER BY ALL",
        {"first": first, "last": last},
    ).to_arrow_table()
    kept = sum(first <= day <= last for day, *_ in periods) if first else 0
    return table, len(periods) - kept


def _counted(
    log: EventLog, change: Change, measure: Measure, arrivals: Measure
) -> tuple[pa.Table, int]:
    """How many of the table ``followed`` there were in each period and unit, none included, and how many
    periods are left out.

    Counted is while cases begin, and not before nine in ten of what the first ones bring have come.
    """
    late = f"SELECT ceil(quantile_cont(lag, 0.9)) FROM ({measure.rows}) WHERE lag IS NOT NULL"
    first, last = log.connection.execute(
        f"SELECT DATE '1970-01-01' + (min(day) + least(coalesce(({late}), 0), "
        "(max(day) - min(day)) // 4))::INTEGER, DATE '1970-01-01' + max(day)::INTEGER "
        f"FROM ({arrivals.rows})"
    ).fetchall()[0]
    period, step = f"date_trunc('{change.by}', day)::DATE", f"INTERVAL 1 {change.by}"
    whole = (
        f"SELECT DISTINCT {period} AS period FROM "
        "(SELECT unnest(generate_series($first, $last, INTERVAL 1 DAY))::DATE AS day) "
        f"WHERE {period} >= $first AND {period} + {step} <= $last + INTERVAL 1 DAY"
    )
    table = log.connection.execute(
        f'SELECT w.period AS "day", coalesce(sum(f.value), 0) AS "{_MEASURE}", u.unit '
        f"FROM ({whole}) w CROSS JOIN (SELECT DISTINCT unit FROM followed) u "
        "LEFT JOIN followed f ON f.period = w.period AND f.unit = u.unit "
        "GROUP BY ALL ORDER BY ALL",
        {"first": first, "last": last},
    ).to_arrow_table()
    (outside,) = log.connection.execute(
        f"SELECT count(DISTINCT period) FROM followed WHERE period NOT IN ({whole})",
        {"first": first, "last": last},
    ).fetchall()[0]
    return table, outside


def _around(full: list[dt.date], change: Change) -> tuple[dt.date, dt.date] | tuple[None, None]:
    """The first and last of the FULL periods around CHANGE with no gap between them."""
    longest = dt.timedelta(days=7 if change.by == "week" else 31)
    runs: list[list[dt.date]] = []
    for day in full:
        if runs and day - runs[-1][-1] <= longest:
            runs[-1].append(day)
        else:
            runs.append([day])
    if not runs:
        return None, None
    nearest = min(runs, key=lambda run: max(run[0] - change.when, change.when - run[-1]))
    return nearest[0], nearest[-1]


def _named(value: Any, label: Text) -> Any:
    """VALUE with the measure called LABEL in every text."""
    if isinstance(value, Text):
        return Text((lang, words.replace(_MEASURE, label[lang])) for lang, words in value.items())
    if isinstance(value, str):
        return value.replace(_MEASURE, label["en"])
    if isinstance(value, list):
        return [_named(item, label) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: _named(getattr(value, f.name), label) for f in fields(value)}
        )
    return value
