"""A filtered log answers as a log that holds only what the filter leaves."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.process.conftest import Event, instant, traces_of
from tests.process.test_graph import random_logs, with_fixture
from tests.process.test_steps import described

from zaplecze.errors import InputError
from zaplecze.process import (
    Departments,
    Endpoints,
    Filter,
    Follows,
    Frequent,
    Has,
    Period,
    Range,
    Values,
    batches,
    filtered,
    graph,
    handovers,
    map_svg,
    steps,
    trend,
    variants,
)

DAY = 86_400

names = st.sampled_from("ABCD")
sets = st.lists(names, min_size=1, max_size=3, unique=True).map(tuple)
conditions = st.one_of(
    st.builds(Has, sets, st.booleans()),
    st.builds(Endpoints, sets, st.just(())),
    st.builds(Endpoints, st.just(()), sets),
    st.builds(Endpoints, sets, sets),
    st.builds(Follows, names, names, st.booleans(), st.booleans()),
    st.builds(Departments, st.sampled_from([("x",), ("x", "y")])),
    st.builds(
        Period,
        st.none() | st.integers(0, 12).map(lambda n: dt.date(2026, 1, 5) + dt.timedelta(n)),
        st.none() | st.integers(0, 12).map(lambda n: dt.date(2026, 1, 5) + dt.timedelta(n)),
        st.sampled_from(["started", "ended", "within"]),
    ),
)
filters = st.builds(
    Filter,
    st.lists(conditions, max_size=2).map(tuple),
    st.none() | sets,
    st.just(()) | sets.map(lambda steps: steps[:1]),
)


def holds(condition, trace: list[Event]) -> bool:
    """Whether a case meets CONDITION, said the plain way."""
    way = [event.activity for event in trace]
    match condition:
        case Has(wanted, never):
            return not set(wanted) & set(way) if never else set(wanted) <= set(way)
        case Endpoints(starts, ends):
            return (not starts or way[0] in starts) and (not ends or way[-1] in ends)
        case Follows(a, b, directly, never):
            pairs = (
                list(pairwise(way))
                if directly
                else [(way[i], way[j]) for i in range(len(way)) for j in range(i + 1, len(way))]
            )
            return ((a, b) in pairs) != never
        case Departments(departments):
            return any(event.department in departments for event in trace)
        case Period(first, last, when):
            start = instant(trace[0].start).date()
            end = instant(max(event.finish for event in trace)).date()
            early = end if when == "ended" else start
            late = start if when == "started" else end
            return (first is None or early >= first) and (last is None or late <= last)
    raise AssertionError(condition)


def remaining(events: list[Event], chosen: Filter) -> list[Event]:
    return [
        event
        for trace in traces_of(events).values()
        if all(holds(condition, trace) for condition in chosen.conditions)
        for event in trace
        if (chosen.only is None or event.activity in chosen.only)
        and event.activity not in chosen.hidden
    ]


def answers(log, workspace) -> dict:
    found = {
        "graph": graph(log, workspace).to_dict(),
        "variants": variants(log).to_dict(),
        "steps": steps(log, workspace).to_dict(),
        "handovers": handovers(log).to_dict(),
        "batches": batches(log).to_dict(),
        "trend": trend(log).to_dict(),
    }
    return {
        name: {key: value for key, value in document.items() if key not in ("filters", "measures")}
        for name, document in found.items()
    }


EVERYTHING = [
    Event("all", name, n, department=d)
    for n, (name, d) in enumerate(zip("ABCD", "xyxy", strict=True))
]


@settings(with_fixture, max_examples=8)
@given(events=random_logs, chosen=filters)
def test_every_question_is_answered_as_in_a_log_of_what_remains(make_log, events, chosen):
    # So that every name that a filter mentions occurs.
    events = [*EVERYTHING, *events]
    # Whether a step is in time is a matter of the whole case.
    workspace = (
        described() if chosen.drops_events else described({"steps": {"B": {"target_hours": 1}}})
    )
    view = filtered(make_log(events), chosen)
    left = remaining(events, chosen)
    shown, alone = answers(view, workspace), answers(make_log(left), workspace)
    if not any(event.finish > event.start for event in left):
        # Whether times in steps are known is a matter of the whole log.
        for step in (*shown["steps"]["steps"], *alone["steps"]["steps"]):
            del step["service_seconds"], step["service_working_seconds"]
    assert shown == alone
    assert (view.info.cases, view.info.events) == (len(traces_of(left)), len(left))
    assert figures_of_cases(view) == figures_of_cases(make_log(left))


def figures_of_cases(log) -> list[tuple]:
    return log.connection.execute(
        'SELECT case_id, epoch_us(start), epoch_us("end"), events, rework, handovers '
        'FROM cases ORDER BY "case"'
    ).fetchall()


FACTS = {
    "region": ("category", {"1": "north", "2": "south", "3": "south"}),
    "price": ("number", {"1": 10.0, "2": 20.0, "3": 30.0}),
    "complaint": ("yes_no", {"1": 1, "2": 0, "3": 0}),
}


@pytest.mark.parametrize(
    ("condition", "cases"),
    [
        (Values("region", ("south",)), ["2", "3"]),
        (Values("region", ("south", "north")), ["1", "2", "3"]),
        (Values("price", ("20",)), ["2"]),
        (Values("complaint", ("yes",)), ["1"]),
        (Values("complaint", ("no",)), ["2", "3"]),
        (Range("price", at_least=20), ["2", "3"]),
        (Range("price", at_most=20), ["1", "2"]),
        (Range("price", 15, 25), ["2"]),
        (Frequent(1), ["1", "2"]),
        (Period(first=dt.date(2026, 1, 6)), ["3"]),
    ],
)
def test_a_condition_keeps_the_cases_that_it_names(make_log, condition, cases):
    events = [Event("1", "A", 0), Event("2", "A", 5), Event("3", "B", DAY)]
    log = make_log(events, idle=["idle"], facts=FACTS)
    view = filtered(log, Filter((condition,)))
    rows = view.connection.execute('SELECT case_id FROM cases ORDER BY "case"').fetchall()
    assert [case for (case,) in rows] == cases


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (Filter((Has(("Shop",)),)), "There is no step 'Shop' in the log. Did you mean 'Ship'?"),
        (Filter(hidden=("X",)), "There is no step 'X' in the log. There are: Ship."),
        (Filter((Departments(("X",)),)), "There is no department 'X' in the log."),
        (Filter((Values("regoin", ("south",)),)), "'regoin' in the log. Did you mean 'region'?"),
        (Filter((Values("region", ("sout",)),)), "the value 'sout' there. Did you mean 'south'?"),
        (Filter((Values("price", ("high",)),)), "'price' is a number, and 'high' is none."),
        (Filter((Values("complaint", ("1",)),)), "'complaint' is yes or no, and not '1'."),
        (Filter((Range("region", 1),)), "'region' holds no numbers."),
    ],
)
def test_unknown_names_are_told_with_what_is_close(make_log, chosen, said):
    log = make_log([Event("1", "Ship", 0), Event("2", "Ship", 0)], facts=FACTS)
    with pytest.raises(InputError) as fault:
        filtered(log, chosen)
    assert said in str(fault.value)


def test_filters_are_named_in_what_is_shown(make_log):
    log = make_log(
        [Event("1", "Ship", 0), Event("1", "Pack", 5), Event("2", "Ship", 0)], facts=FACTS
    )
    chosen = Filter((Has(("Ship",)), Range("price", at_most=15)), hidden=("Pack",))
    view = filtered(log, chosen)
    sentences = [
        "Only cases with the step: Ship.", "Only cases with price of at most 15.", "Left out: Pack.",
    ]  # fmt: skip
    found = graph(view)
    assert [str(words) for words in found.filters] == sentences
    assert [str(words) for words in steps(view).filters] == sentences
    assert [str(words) for words in variants(view).filters] == sentences
    picture = map_svg(found, "en", activities=1, paths=1, measure="count")
    assert all(words in picture for words in sentences)
    assert [str(a.name) for a in found.activities] == ["Ship"]


def test_labels_of_the_workspace_are_used(make_log):
    workspace = described({"steps": {"Ship": {"label": {"en": "Shipping", "pl": "Wysyłka"}}}})
    log = make_log([Event("1", "Ship", 0)])
    (words,) = graph(filtered(log, Filter((Has(("Ship",)),))), workspace).filters
    assert words["en"] == "Only cases with the step: Shipping."
    assert "Wysyłka" in words["pl"]


def test_a_log_without_filter_is_itself_and_filters_are_not_stacked(make_log):
    log = make_log([Event("1", "Ship", 0)])
    assert filtered(log, Filter()) is log
    view = filtered(log, Filter((Frequent(1),)))
    with pytest.raises(ValueError, match="filtered already"):
        filtered(view, Filter((Frequent(1),)))


def test_the_log_itself_is_left_as_it_was(make_log):
    log = make_log([Event("1", "A", 0), Event("1", "B", 5)])
    before = graph(log)
    view = filtered(log, Filter(only=("A",)))
    folder = view.folder
    assert folder.exists()
    assert graph(view).events == 1
    view.close()
    assert not folder.exists()
    assert graph(log) == before


def test_a_step_is_not_late_because_the_one_before_it_is_left_out(make_log):
    log = make_log([Event("1", "Order", 0), Event("1", "Check", DAY), Event("1", "Ship", DAY + 60)])
    view = filtered(log, Filter(hidden=("Check",)))
    ship = next(s for s in steps(view, described(target_hours=2)) if s.activity == "Ship")
    assert ship.on_time.share == 1
    assert ship.wait_seconds.median == DAY + 60
