"""What the figures about objects mean: the one place that defines them."""

from zaplecze.language import N_
from zaplecze.process.measures import Measure

SYNCHRONISATION = Measure(
    "synchronisation_seconds",
    "seconds",
    N_("Waiting for each other"),
    N_(
        "Of the objects of an event: from when the first was ready, by its own event before, to when "
        "the last was. Over the events for which several objects come from earlier events (Park, "
        "Adams and van der Aalst 2022)."
    ),
)
POOLING = Measure(
    "pooling_seconds",
    "seconds",
    N_("Pooling"),
    N_("The same among the objects of one type, where an event has several of them."),
)
SOJOURN = Measure(
    "sojourn_seconds",
    "seconds",
    N_("Time after all are there"),
    N_("From when the last object of an event was ready to the event."),
)
FLOW = Measure(
    "flow_seconds",
    "seconds",
    N_("Time since the first was ready"),
    N_("From when the first object of an event was ready to the event: the two above together."),
)
PASSAGES = Measure(
    "passages",
    "objects",
    N_("Passages"),
    N_(
        "How often objects of a type went from one step directly to the other; an event of five "
        "items makes five. Events count once, whatever they belong to."
    ),
)
OBJECT_MEASURES = (SYNCHRONISATION, POOLING, SOJOURN, FLOW, PASSAGES)
