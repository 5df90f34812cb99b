"""Watches all measures of a company at once."""

import datetime as dt
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from zaplecze.calendars import holidays_of
from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.impact.watch import words
from zaplecze.impact.watch.alarms import alarms_of, watched_of
from zaplecze.impact.watch.contacts import contact_measures
from zaplecze.impact.watch.families import Floats
from zaplecze.impact.watch.levels import Picture, picture
from zaplecze.impact.watch.measures import Measure, measures_of
from zaplecze.impact.watch.monitor import Walk, walk
from zaplecze.impact.watch.result import Alarm, Unwatched, Watch, Watched
from zaplecze.impact.watch.seasons import Period
from zaplecze.impact.watch.series import Series, Window, series_of
from zaplecze.language import N_, Text, date, say, say_plural
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Workspace

MOST_FALSE_ALARMS = 12.0
_COUNTRIES = {"Europe/Warsaw": "PL", "Europe/Kyiv": "UA", "Europe/Kiev": "UA"}
_THIN = 0.1
_LONG_STANDSTILL = 28
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Board:
    """What is to be watched, over which days, with what calendar."""

    name: Text
    connection: duckdb.DuckDBPyConnection
    measures: Sequence[Measure]
    window: Window
    country: str | None
    holidays: Collection[dt.date]
    currency: str
    spacing: Period = "day"


def watch(
    log: EventLog,
    workspace: Workspace,
    *,
    now: dt.datetime,
    measures: Sequence[str] = (),
    false_alarms_per_year: float = 1.0,
    country: str | None = None,
    data: Path | None = None,
    progress: Progress = silent,
) -> Watch:
    """Watch MEASURES of LOG (ids such as ``arrivals``; all sensible ones where none are given).

    NOW ends the history: what is dated later is not judged. COUNTRY (two letters) says whose public
    holidays count; otherwise the workspace's calendar or time zone does. Sources of contacts lie in DATA;
    without it only contacts that are steps are watched. Raises `InputError` for an
    unknown measure or country, an impossible number of false alarms, or a log without times.
    """
    known = [*measures_of(log, workspace), *contact_measures(log, workspace, data)]
    window = _window(log, known[0], now.astimezone(ZoneInfo(workspace.time_zone)).date())
    calendar = getattr(workspace, "calendar", None)
    place = country or (calendar and calendar.country) or _COUNTRIES.get(workspace.time_zone)
    closed = set(calendar.closed) if calendar else set()
    board = Board(
        workspace.name,
        log.connection,
        _chosen(known, measures),
        window,
        place,
        closed | set(holidays(place, window)),
        workspace.currency,
    )
    return watch_board(board, now, false_alarms_per_year, progress)


def watch_board(
    board: Board, now: dt.datetime, false_alarms_per_year: float, progress: Progress
) -> Watch:
    """Walk through every measure; the false alarms are divided among those that can be watched."""
    _check_rate(false_alarms_per_year)
    found: list[Series] = []
    unwatched: list[Unwatched] = []
    for done, measure in enumerate(board.measures):
        progress(
            say(N_("Counting: {measure}"), measure=measure.label), 0.2 * done / len(board.measures)
        )
        series = series_of(board.connection, measure, board.window, board.holidays, board.spacing)
        if isinstance(series, Series):
            found.append(series)
        else:
            unwatched.append(Unwatched(measure.id, measure.label, series))
    rate = false_alarms_per_year / max(len(found), 1)
    alarms: list[Alarm] = []
    watched: list[Watched] = []
    for done, series in enumerate(found):
        progress(say(N_("Watching: {measure}"), measure=series.measure.label), 0.2 + 0.8 * done / len(found))  # fmt: skip
        walked, seen = _walked(series, rate)
        watched.append(watched_of(series, walked, seen, rate, bool(board.holidays)))
        alarms += alarms_of(board.connection, series, seen, board.currency)
    alarms.sort(key=lambda alarm: (alarm.raised, alarm.id), reverse=True)
    progress(say(N_("Done")), 1.0)
    return Watch(
        name=board.name,
        created=now.isoformat(timespec="seconds"),
        false_alarms_per_year=false_alarms_per_year,
        country=board.country,
        alarms=alarms,
        watched=watched,
        unwatched=unwatched,
        notes=[*board.window.notes, *_notes(board, found)],
        method=words.method_text(false_alarms_per_year, len(watched)),
        sentence=words.board_sentence(
            len(alarms),
            sum(alarm.may_be_season for alarm in alarms),
            watched,
            false_alarms_per_year,
        ),
    )


def holidays(country: str | None, window: Window) -> list[dt.date]:
    """The public holidays of COUNTRY around WINDOW; none where no country is known.

    Raises `InputError` where nothing is known about COUNTRY.
    """
    if country is None:
        return []
    first, last = ((_EPOCH + dt.timedelta(days=day)).year for day in (window.first, window.last))
    try:
        return list(holidays_of(country, range(first - 1, last + 2)))
    except ValueError:
        raise InputError(
            say(
                N_("--country: no public holidays are known for '{country}'. Write two letters, like PL or UA."),
                country=country,
            )
        ) from None  # fmt: skip


def _walked(series: Series, rate: float) -> tuple[Walk, Picture]:
    # The same series gives the same limits on every machine and in every run.
    walked = walk(series.observed, rate, zlib.crc32(series.measure.id.encode()))
    return walked, picture(series.observed, walked.breaks)


def _check_rate(false_alarms_per_year: float) -> None:
    if not 0.01 <= false_alarms_per_year <= MOST_FALSE_ALARMS:
        raise InputError(
            say(
                N_("--false-alarms: {value} a year is not possible. Give a number from 0.01 to {most}; 1 is usual."),
                value=str(false_alarms_per_year), most=int(MOST_FALSE_ALARMS),
            )
        )  # fmt: skip


def _chosen(known: Sequence[Measure], wanted: Sequence[str]) -> list[Measure]:
    by_id = {measure.id: measure for measure in known}
    for name in wanted:
        if name not in by_id:
            raise InputError(
                say(
                    N_("--measure: there is no measure '{name}'. There are: {known}."),
                    name=name,
                    known=", ".join(by_id),
                )
            )
    return [by_id[name] for name in wanted] if wanted else list(known)


def _window(log: EventLog, arrivals: Measure, today: dt.date) -> Window:
    """The days that are complete, and until when cases arrive as usual."""
    rows = log.connection.execute(
        f"SELECT day::BIGINT, count(*) FROM ({arrivals.rows}) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    now = (today - _EPOCH).days
    ahead = sum(n for day, n in rows if day >= now)
    counts = {day: n for day, n in rows if day < now}
    if not counts:
        raise InputError(
            say(N_("No case has a time before today, so that nothing can be watched. Give the events a time column, or check the dates."))
        )  # fmt: skip
    first, last = min(counts), max(counts)
    end = _last_day(log)
    notes: list[Text] = []
    if ahead:
        notes.append(_future_note(ahead))
    if end is not None and min(end, now) > last:
        if end > last + 7:
            notes.append(_stops_note(last))
    else:
        # The day on which the extract was made is not over yet.
        last -= 1
    series = np.array([counts.get(day, 0) for day in range(first, last + 1)], dtype=np.float64)
    begin, steady = _steady(series)
    if begin > 0:
        notes.append(_thin_start_note(first + begin))
    if first + steady < last:
        notes.append(_thin_end_note(first + steady))
    return Window(first + begin, last, first + steady, tuple(notes))


def _last_day(log: EventLog) -> int | None:
    """The day of the last event."""
    if log.info.end is None:
        return None
    end = dt.datetime.fromisoformat(log.info.end).astimezone(ZoneInfo(log.info.time_zone))
    return (end.date() - _EPOCH).days


def _steady(counts: Floats) -> tuple[int, int]:
    """The first and last position of the time in which cases arrive as usual.

    A first trickle, and what lies before a long standstill early on, is left out; at the end the
    last trickle is.
    """
    if len(counts) < _LONG_STANDSTILL:
        return 0, len(counts) - 1
    weekly = np.convolve(counts, np.ones(7), "valid")
    busy = np.flatnonzero(weekly >= _THIN * np.median(weekly[weekly > 0]))
    gaps = np.flatnonzero(np.diff(busy) > _LONG_STANDSTILL)
    early = [int(busy[gap + 1]) for gap in gaps if busy[gap + 1] < len(counts) / 2]
    # A week that is busy at its end only says that the bustle begins there.
    begin, end = (early[-1] if early else int(busy[0])), int(busy[-1])
    begin = begin + 6 if begin > 0 else 0
    return begin, (end if end < len(weekly) - 1 else len(counts) - 1)


def _day(number: int) -> Text:
    return date(_EPOCH + dt.timedelta(days=number))


def _future_note(ahead: int) -> Text:
    return say_plural(
        N_("{count} case begins today or later and is not judged. Check its date."),
        N_("{count} cases begin today or later and are not judged. Check their dates."),
        ahead,
    )


def _stops_note(last: int) -> Text:
    return say(
        N_("No case begins after {day}: the data end there, and nothing later is judged."),
        day=_day(last),
    )


def _thin_start_note(begin: int) -> Text:
    return say(
        N_("Before {day} there are hardly any cases; the watch begins there."), day=_day(begin)
    )


def _thin_end_note(end: int) -> Text:
    return say(
        N_("After {day} hardly any cases begin; from then on only their number is watched."),
        day=_day(end),
    )


def _notes(board: Board, found: list[Series]) -> list[Text]:
    notes = []
    if young := sum(not series.observed.season.has_year for series in found):
        notes.append(
            say_plural(
                N_("{count} measure has less than two years of history, so that its time of year cannot be known yet. The number of false alarms holds for alarms that are not said to be possibly the time of year; a short peak that comes every year, such as Christmas, looks like a change."),
                N_("{count} measures have less than two years of history, so that their time of year cannot be known yet. The number of false alarms holds for alarms that are not said to be possibly the time of year; a short peak that comes every year, such as Christmas, looks like a change."),
                young,
            )
        )  # fmt: skip
    if not board.holidays:
        notes.append(
            say(N_("No public holidays are allowed for. Name the country with --country, for example PL or UA."))
        )  # fmt: skip
    return notes
