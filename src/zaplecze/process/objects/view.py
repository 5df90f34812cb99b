"""The view of a log from its objects, put together."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zaplecze.eventlog import EventLog, ObjectLog, open_objects
from zaplecze.language import N_, Text, duration, number, say, say_plural
from zaplecze.process.objects.flattening import Flattening, flattenings
from zaplecze.process.objects.graph import ObjectGraph, object_graph
from zaplecze.process.objects.lifecycles import Lifecycle, lifecycles
from zaplecze.process.objects.measures import OBJECT_MEASURES
from zaplecze.process.objects.passages import lay_out_passages, rows
from zaplecze.process.objects.relations import Related, relations
from zaplecze.process.objects.synchronisation import Synchronisation, synchronisations
from zaplecze.workspace import Workspace


@dataclass(frozen=True)
class ObjectView:
    """A log with its objects; what its figures mean stands in `OBJECT_MEASURES`.

    ``links`` are the pairs of an event and an object that belong together. ``sentences`` say the
    most important things; ``warnings`` what of a file was left out.
    """

    name: Text
    events: int
    objects: int
    links: int
    object_types: list[Lifecycle]
    graph: ObjectGraph
    relations: list[Related]
    flattening: list[Flattening]
    synchronisation: list[Synchronisation]
    sentences: list[Text]
    warnings: list[Text] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process objects --json``: plain values."""
        return {
            "name": self.name,
            "events": self.events,
            "objects": self.objects,
            "links": self.links,
            "object_types": [each.to_dict() for each in self.object_types],
            **self.graph.to_dict(),
            "relations": [each.to_dict() for each in self.relations],
            "flattening": [each.to_dict() for each in self.flattening],
            "synchronisation": [each.to_dict() for each in self.synchronisation],
            "sentences": self.sentences,
            "warnings": self.warnings,
            "measures": [measure.to_dict() for measure in OBJECT_MEASURES],
        }


def objects(
    log: EventLog | Path, workspace: Workspace | None = None, *, time_zone: str = "UTC"
) -> ObjectView:
    """The view of LOG (a store, or an OCEL file) from its objects; WORKSPACE gives steps names.

    A log without objects is one in which every case is an object. Times of a file without a zone
    are clock times of TIME_ZONE. All objects are held in memory. Raises `InputError` when the file
    or the store is damaged.
    """
    opened = open_objects(log, time_zone)
    try:
        return _view(opened, workspace)
    finally:
        opened.close()


def _view(log: ObjectLog, workspace: Workspace | None) -> ObjectView:
    lay_out_passages(log)
    ((events, things, links),) = rows(
        log,
        "SELECT (SELECT count(*) FROM o.events), (SELECT count(*) FROM o.objects), "
        "(SELECT count(*) FROM passages)",
    )
    names = [name for (name,) in rows(log, "SELECT DISTINCT type FROM o.events")]
    labels = {name: workspace.step_label(name) for name in names} if workspace else {}
    types, related = lifecycles(log), relations(log)
    flat, waiting = flattenings(log, labels), synchronisations(log)
    said = [_whole(events, things, links, len(types))]
    if log.of_cases:
        said.append(say(N_("The log keeps no objects: each of its cases counts as one.")))
    said += [each.sentence for each in related]
    said += [words for each in flat for words in each.sentences]
    said += _waits(waiting, labels)
    return ObjectView(
        log.name, events, things, links, types, object_graph(log, labels), related, flat, waiting,
        said, log.warnings,
    )  # fmt: skip


def _whole(events: int, things: int, links: int, types: int) -> Text:
    return say_plural(
        N_(
            "Events: {events}. Objects: {objects}, of {count} type. An event has {mean} objects "
            "on average."
        ),
        N_(
            "Events: {events}. Objects: {objects}, of {count} types. An event has {mean} objects "
            "on average."
        ),
        types,
        events=number(events),
        objects=number(things),
        mean=number(links / events if events else 0.0, 1),
    )


def _waits(waiting: list[Synchronisation], labels: dict[str, Text]) -> list[Text]:
    """Where most time goes by because objects wait for each other, in words."""
    if not waiting or not waiting[0].synchronisation_seconds.total:
        return []
    worst = waiting[0]
    median = worst.synchronisation_seconds.median or 0.0
    said = [
        say(
            N_(
                "Objects wait longest for each other before “{step}”: {median} (median) from when "
                "the first is ready to when the last is."
            ),
            step=labels.get(worst.activity, worst.activity),
            median=duration(median),
        )
    ]
    latest = max(worst.awaited, key=lambda each: each.last, default=None)
    if latest and latest.last and latest.held_up_seconds.median is not None:
        said.append(
            say(
                N_(
                    "The last to come there are most often “{type}” (in {last} of {events} events), "
                    "and everything else waits {median} (median) for them."
                ),
                type=latest.object_type,
                last=number(latest.last),
                events=number(worst.events),
                median=duration(latest.held_up_seconds.median),
            )
        )
    return said
