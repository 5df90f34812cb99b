"""A log told in words: what it holds, how complete it is, and what can be asked of it."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

from zaplecze.eventlog import EventLog, reason_text
from zaplecze.language import N_, Text, date, duration, joined, number, percent, say, say_plural
from zaplecze.process.flow import Flow, flow
from zaplecze.process.variants import variants
from zaplecze.workspace import Workspace

Topic = Literal["holds", "complete", "refused", "open", "way", "people", "ask"]

FEW_EVENTS = 0.1
"""Months with less than this share of the median month's events are told as thin."""

LONG_SILENCE = 10
"""A time without any event is told when it is longer than this many days."""

FEW_WAYS = 0.8
"""The share of the cases for which the most frequent ways are counted."""

_MONTHS_NAMED = 6
_DAY = 86_400 * 1_000_000

_TITLES: dict[Topic, str] = {
    "holds": N_("What the log holds"),
    "complete": N_("How complete it is"),
    "refused": N_("What was refused"),
    "open": N_("Finished and open"),
    "way": N_("The usual way"),
    "people": N_("Who works"),
    "ask": N_("What can be asked of it"),
}


@dataclass(frozen=True)
class Paragraph:
    """Sentences about one topic."""

    topic: Topic
    sentences: list[Text]

    @property
    def title(self) -> Text:
        """What the paragraph is about."""
        return say(_TITLES[self.topic])

    def to_dict(self) -> dict[str, Any]:
        """Plain values; texts by language."""
        return vars(self) | {"title": self.title}


def portrait(log: EventLog, workspace: Workspace | None = None) -> list[Paragraph]:
    """LOG in words, paragraph by paragraph; WORKSPACE gives names, ends and targets.

    A few scans over the events. Raises `InputError` when no end that WORKSPACE declares occurs.
    """
    writer = _Portrait(log, workspace)
    written: dict[Topic, Iterator[Text]] = {
        "holds": writer.holds(),
        "complete": writer.complete(),
        "refused": writer.refused(),
        "open": writer.open(),
        "way": writer.way(),
        "people": writer.people(),
        "ask": writer.ask(),
    }
    paragraphs = [Paragraph(topic, list(sentences)) for topic, sentences in written.items()]
    return [paragraph for paragraph in paragraphs if paragraph.sentences]


class _Portrait:
    """The log while it is described."""

    def __init__(self, log: EventLog, workspace: Workspace | None) -> None:
        self.log, self.info, self.workspace = log, log.info, workspace
        self.zone = ZoneInfo(log.info.time_zone)
        self.has_length, self.resources, self.of_resources, self.of_departments = (
            log.connection.execute(
                'SELECT count(*) FILTER ("end" <> start), count(DISTINCT resource), '
                "count(resource), count(department) FROM events"
            ).fetchall()[0]
        )

    def holds(self) -> Iterator[Text]:
        info = self.info
        yield say_plural(
            N_("{cases} and {events} of {count} kind of step, {mean} events a case on average."),
            N_("{cases} and {events} of {count} kinds of step, {mean} events a case on average."),
            len(info.activities),
            cases=say_plural(N_("{count} case"), N_("{count} cases"), info.cases),
            events=say_plural(N_("{count} event"), N_("{count} events"), info.events),
            mean=number(info.events / info.cases if info.cases else 0.0, 1),
        )
        if info.start and info.end:
            yield say(
                N_("From {start} to {end}. Days are those of the time zone {zone}."),
                start=self._day(info.start), end=self._day(info.end), zone=info.time_zone,
            )  # fmt: skip
        if info.objects:
            types = [
                say(N_("{type} ({count})"), type=name, count=number(count))
                for name, count in info.objects.items()
            ]
            yield say(N_("It keeps objects of these types: {types}."), types=joined(types))
        if info.outcomes:
            names = [self._outcome(name) for name in info.outcomes]
            yield say(
                N_("What came of the cases is known for: {outcomes}."), outcomes=joined(names)
            )

    def complete(self) -> Iterator[Text]:
        if not self.info.events:
            return
        yield self._known(
            self.of_resources,
            N_("Every event says who did it."),
            N_("No event says who did it."),
            N_("{share} of the events say who did it."),
        )
        yield self._known(
            self.of_departments,
            N_("Every event says which department it belongs to."),
            N_("No event says which department it belongs to."),
            N_("{share} of the events say which department they belong to."),
        )
        if not self.has_length:
            yield say(
                N_(
                    "Every event has one time only: how long work waits is known together with how "
                    "long it takes."
                )
            )
        yield from self._known_outcomes()
        yield from self._silences()
        yield from self._thin_months()

    def refused(self) -> Iterator[Text]:
        # A query reads the rows of files again.
        of_files = {
            name: rows for name, rows in self.info.rows_read.items() if name in self.info.files
        }
        read = sum((of_files or self.info.rows_read).values())
        if not self.info.refused:
            if read:
                yield say_plural(
                    N_("The {count} row that was read is used."),
                    N_("All {count} rows that were read are used."),
                    read,
                )
            return
        refused = sum(each.rows for each in self.info.refused)
        yield say(
            N_("Rows read: {read}. Rows and values refused: {refused}."),
            read=number(read),
            refused=number(refused),
        )
        by_reason: dict[str, int] = {}
        for each in self.info.refused:
            by_reason[each.reason] = by_reason.get(each.reason, 0) + each.rows
        for reason, rows in sorted(by_reason.items(), key=lambda item: -item[1]):
            yield say_plural(
                N_("{count} time: {reason}"),
                N_("{count} times: {reason}"),
                rows,
                reason=reason_text(reason),
            )

    def open(self) -> Iterator[Text]:
        if not self.info.events:
            return
        found = flow(self.log, self.workspace)
        yield from _finished(found, declared=bool(self.workspace and self.workspace.case.ends))
        if found.without_events:
            yield say_plural(
                N_("In {count} case nothing was recorded."),
                N_("In {count} cases nothing was recorded."),
                found.without_events,
            )

    def way(self) -> Iterator[Text]:
        found = variants(self.log, self.workspace)
        if not len(found):
            return
        (most,) = found.top(1)
        yield say(
            N_("Different ways: {ways}. The most frequent one is taken by {share}: {way}."),
            ways=number(len(found)),
            share=percent(most.share),
            way=self._arrows(most.activities),
        )
        counts = np.cumsum(found.table.column("cases").to_numpy())
        needed = int(np.searchsorted(counts, FEW_WAYS * counts[-1])) + 1
        if needed > 1:
            yield say(
                N_("It takes the {ways} most frequent ways to cover {share} of the cases."),
                ways=number(needed),
                share=percent(FEW_WAYS, 0),
            )

    def people(self) -> Iterator[Text]:
        if self.resources:
            yield say_plural(
                N_("{count} person or tool did the work."),
                N_("{count} people and tools did the work."),
                self.resources,
            )
        if self.info.departments:
            names = [
                self.workspace.department_label(name) if self.workspace else Text.same(name)
                for name in self.info.departments[:8]
            ]
            if len(self.info.departments) > len(names):
                names.append(say(N_("others")))
            yield say(
                N_("Departments ({count}): {names}."),
                count=number(len(self.info.departments)),
                names=joined(names),
            )

    def ask(self) -> Iterator[Text]:
        if not self.info.events:
            yield say(N_("The log has no events, so there is nothing to ask yet."))
            return
        yield say(
            N_("Where work waits and what comes back: 'zaplecze process steps' and 'process map'.")
        )
        yield say(N_("How many cases are on their way and how old: 'zaplecze process flow'."))
        if len(self.info.departments) > 1:
            yield say(N_("How work passes between departments: 'zaplecze process handovers'."))
        if self.resources:
            yield say(
                N_(
                    "Whether work is done in batches: 'zaplecze process batches'; whether one person "
                    "did both of two steps: a rule of 'separation'."
                )
            )
        if self.info.objects:
            yield say(
                N_(
                    "How the objects depend on each other, every event counted once: 'zaplecze "
                    "process objects'."
                )
            )
        if self.info.outcomes:
            yield say(N_("What late work does to customers: 'zaplecze impact effects'."))
        else:
            yield say(
                N_(
                    "What the work does to customers cannot be asked yet: add ratings, complaints or "
                    "contacts as [outcomes] of a workspace."
                )
            )

    def _known(self, events: int, all_: str, none: str, some: str) -> Text:
        if events in (0, self.info.events):
            return say(all_ if events else none)
        return say(some, share=_part(events, self.info.events))

    def _known_outcomes(self) -> Iterator[Text]:
        names = list(self.info.outcomes)
        if not names:
            return
        counted = ", ".join('count("' + name.replace('"', '""') + '")' for name in names)
        found = self.log.connection.execute(f"SELECT {counted} FROM cases").fetchall()[0]
        for name, known in zip(names, found, strict=True):
            if known < self.info.cases:
                yield say(
                    N_("“{outcome}” is known in {share} of the cases."),
                    outcome=self._outcome(name),
                    share=_part(known, self.info.cases),
                )

    def _silences(self) -> Iterator[Text]:
        """The longest time without any event, where it is long."""
        rows = self.log.connection.execute(
            f"SELECT before, day FROM (SELECT day, lag(day) OVER (ORDER BY day) AS before FROM "
            f"(SELECT DISTINCT epoch_us(start) // {_DAY} AS day FROM events)) "
            f"WHERE day - before > {LONG_SILENCE} ORDER BY day - before DESC, day LIMIT 1"
        ).fetchall()
        for before, day in rows:
            first, last = (dt.date(1970, 1, 1) + dt.timedelta(days=d) for d in (before, day))
            yield say(
                N_("The longest time in which nothing happened: {length}, after {day}."),
                length=duration((last - first).days * 86_400),
                day=date(first),
            )

    def _thin_months(self) -> Iterator[Text]:
        rows = self.log.connection.execute(
            "SELECT date_trunc('month', start)::DATE AS month, count(*), min(start), max(start) FROM "
            "(SELECT make_timestamp(epoch_us(start)) AS start FROM events) GROUP BY 1 ORDER BY 1"
        ).fetchall()
        if len(rows) < 4:
            return
        usual = float(np.median([events for _, events, *_ in rows]))
        covered = dict.fromkeys((month for month, *_ in rows), 1.0)
        first, last = rows[0][0], rows[-1][0]
        # The log begins and ends within a month.
        covered[first] = 1 - (rows[0][2].day - 1) / _days_in(first)
        covered[last] = rows[-1][3].day / _days_in(last)
        thin = [month for month, events, *_ in rows if events < FEW_EVENTS * usual * covered[month]]
        if not thin:
            return
        shown = ", ".join(month.strftime("%Y-%m") for month in thin[:_MONTHS_NAMED])
        yield say(
            N_(
                "Hardly anything happened in: {months}. The log may be cut off or incomplete there; "
                "leave those months out where figures over time matter."
            ),
            months=shown + (", …" if len(thin) > _MONTHS_NAMED else ""),
        )

    def _arrows(self, activities: list[str]) -> Text:
        shown = [self._step(name) for name in activities[:15]]
        rest = " → …" if len(activities) > len(shown) else ""
        languages = shown[0]
        return Text(
            (language, " → ".join(step[language] for step in shown) + rest)
            for language in languages
        )

    def _step(self, activity: str) -> Text:
        return self.workspace.step_label(activity) if self.workspace else Text.same(activity)

    def _outcome(self, name: str) -> Text:
        return self.workspace.outcome_label(name) if self.workspace else Text.same(name)

    def _day(self, instant: str) -> Text:
        return date(dt.datetime.fromisoformat(instant).astimezone(self.zone))


def _days_in(month: dt.date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def _finished(found: Flow, *, declared: bool) -> Iterator[Text]:
    if not found.ends:
        if found.doubt:
            yield found.doubt
        return
    ends = joined([say(N_("“{step}”"), step=end.label) for end in found.ends[:5]])
    whole = found.finished + found.open
    yield say(
        N_("Finished: {finished} ({share}), with {ends} as the last step. Open: {open}.")
        if declared
        else N_(
            "No last step is declared. Taken as finished: {finished} ({share}), with {ends} as the "
            "last step. Open: {open}."
        ),
        finished=number(found.finished),
        share=_part(found.finished, whole),
        ends=ends,
        open=number(found.open),
    )
    median = found.throughput_seconds.median
    if median is not None:
        yield say(
            N_("Half of the finished cases took at most {median}, 95 % at most {p95}."),
            median=duration(median),
            p95=duration(found.throughput_seconds.p95 or 0.0),
        )
    if found.aging.old:
        yield say_plural(
            N_("{count} open case is older than 95 % of the finished ones were when they ended."),
            N_("{count} open cases are older than 95 % of the finished ones were when they ended."),
            found.aging.old,
        )
    if found.doubt:
        yield found.doubt


def _part(part: int, whole: int) -> Text:
    """A percentage that does not round to everything, or nothing, while that is not so."""
    share = part / whole if whole else 0.0
    if 0 < share < 0.001:
        return say(N_("less than {share}"), share=percent(0.001))
    return percent(min(share, 0.999) if part < whole else share, 1 if part < whole else 0)
