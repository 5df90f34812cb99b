"""What a map says in whole sentences: the titles of its nodes and lines, and its caption."""

from zaplecze.language import N_, Language, Text, duration, number, percent, say, say_plural
from zaplecze.process.graph import Activity, Edge, ProcessGraph
from zaplecze.process.simplify import Arc, Selection

_ON_THE_LINES = {
    "count": N_(
        "In the boxes: how often a step was done. "
        "On the lines: how often one step came directly after the other."
    ),
    "cases": N_(
        "In the boxes: how often a step was done. "
        "On the lines: in how many cases one step came directly after the other."
    ),
    "median": N_(
        "In the boxes: how often a step was done. "
        "On the lines: the median wait until the next step begins."
    ),
    "mean": N_(
        "In the boxes: how often a step was done. "
        "On the lines: the mean wait until the next step begins."
    ),
    "p95": N_(
        "In the boxes: how often a step was done. "
        "On the lines: the wait until the next step begins that 95 % of the times keep to."
    ),
    "total": N_(
        "In the boxes: how often a step was done. "
        "On the lines: the waits until the next step begins, all together."
    ),
}


def node_title(activity: Activity, language: Language) -> str:
    """What a pointer over a step tells."""
    sentences = [
        say_plural(
            N_("“{step}” was done {count} time."),
            N_("“{step}” was done {count} times."),
            activity.events,
            step=activity.label,
        ),
        _cases(activity.cases),
    ]
    if activity.department_label:
        sentences.append(
            say(
                N_("Most of this work is done by: {department}."),
                department=activity.department_label,
            )
        )
    if activity.noticed:
        sentences.append(say(N_("Customers notice this step.")))
    if activity.target_seconds is not None:
        sentences.append(
            say(N_("Its target is {target}."), target=duration(activity.target_seconds))
        )
    if activity.has_due:
        sentences.append(say(N_("Every case has its own due time for it.")))
    return _joined(sentences, language)


def arc_title(arc: Arc, graph: ProcessGraph, language: Language) -> str:
    """What a pointer over a line tells."""
    if arc.edge:
        return _joined(_edge_sentences(arc.edge, graph, arc), language)
    if arc.source >= len(graph.activities):
        text = say_plural(
            N_("{count} case begins with “{step}”."),
            N_("{count} cases begin with “{step}”."),
            arc.count,
            step=graph.activities[arc.target].label,
        )
    else:
        text = say_plural(
            N_("{count} case ends with “{step}”."),
            N_("{count} cases end with “{step}”."),
            arc.count,
            step=graph.activities[arc.source].label,
        )
    return text[language]


def caption(
    graph: ProcessGraph,
    selection: Selection,
    measure: str,
    language: Language,
    *,
    in_lanes: bool = False,
) -> list[str]:
    """What is shown and what is left out, what the numbers are, and what the frames mean."""
    lines = [
        what_is_shown(graph, selection),
        say(_ON_THE_LINES[measure]),
    ]
    if in_lanes:
        lines.append(
            say(
                N_(
                    "Each column is a department, with the steps that it does more often than any other."
                )
            )
        )
    if any(graph.activities[node].noticed for node in selection.nodes):
        lines.append(say(N_("A dark frame marks the steps that customers notice.")))
    lines += graph.filters
    return [line[language] for line in lines]


def what_is_shown(graph: ProcessGraph, selection: Selection) -> Text:
    """How much of GRAPH is among what was selected."""
    events = sum(graph.activities[node].events for node in selection.nodes)
    shown, every = sum(a.count for a in selection.arcs), sum(a.count for a in selection.all_arcs)
    return say(
        N_(
            "Shown: {steps} of {all_steps} steps ({events} of the events) "
            "and {paths} of {all_paths} paths ({passages} of the passages)."
        ),
        steps=number(len(selection.nodes)),
        all_steps=number(len(graph.activities)),
        events=_share(events, graph.events),
        paths=number(len(selection.arcs)),
        all_paths=number(len(selection.all_arcs)),
        passages=_share(shown, every),
    )


def _edge_sentences(edge: Edge, graph: ProcessGraph, arc: Arc) -> list[Text]:
    sentences = [
        say_plural(
            N_("“{target}” came directly after “{source}” {count} time."),
            N_("“{target}” came directly after “{source}” {count} times."),
            edge.count,
            source=graph.activities[arc.source].label,
            target=graph.activities[arc.target].label,
        ),
        _cases(edge.cases),
    ]
    wait = edge.wait_seconds
    if wait.mean is not None and wait.median is not None and wait.p95 is not None:
        sentences.append(
            say(
                N_("The wait: median {median}, mean {mean}; in 95 % of the times at most {p95}."),
                median=duration(wait.median),
                mean=duration(wait.mean),
                p95=duration(wait.p95),
            )
        )
    return sentences


def _cases(cases: int) -> Text:
    return say_plural(N_("It occurs in {count} case."), N_("It occurs in {count} cases."), cases)


def _share(part: int, whole: int) -> Text:
    """A percentage that does not round up to everything while something is missing."""
    share = part / whole if whole else 1.0
    return percent(1.0, 0) if share == 1 else percent(min(share, 0.999))


def _joined(sentences: list[Text], language: Language) -> str:
    return " ".join(sentence[language] for sentence in sentences)
