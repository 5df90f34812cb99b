"""Which activity of the log is which element of the procedure: they are matched by their names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, joined, say
from zaplecze.process.conformance.procedure import Element, Procedure
from zaplecze.workspace import Workspace


@dataclass(frozen=True)
class Matching:
    """The code of the activity of each matched element, by the element's id.

    ``unmatched``: tasks that the log never shows. ``unknown``: activities that the procedure does
    not have. Events of the procedure are no steps unless the log has an activity of their name.
    """

    code_of: dict[str, int]
    unmatched: list[Element]
    unknown: list[str]

    def notes(self) -> list[Text]:
        """What did not match, in words."""
        found = []
        if self.unmatched:
            names = dict.fromkeys(element.name for element in self.unmatched)
            found.append(
                say(
                    N_("In the procedure, but never in the log: {names}."),
                    names=_quoted(names),
                )
            )
        if self.unknown:
            found.append(
                say(
                    N_("In the log, but not in the procedure: {names}."),
                    names=_quoted(self.unknown),
                )
            )
        return found


def match(
    procedure: Procedure, activities: Sequence[str], workspace: Workspace | None = None
) -> Matching:
    """Match the elements of PROCEDURE with ACTIVITIES by code.

    A name matches when it is the same but for spaces and capital letters; the labels that WORKSPACE
    gives to steps are names too. Raises `InputError` when a name matches two activities, or nothing
    matches at all.
    """
    known = _names(activities, workspace)
    code_of: dict[str, int] = {}
    unmatched = []
    for element in procedure.elements:
        if element.kind == "subprocess" or not element.name:
            continue
        codes = known.get(_plain(element.name), set())
        exact = {code for code in codes if activities[code] == element.name}
        if len(exact or codes) > 1:
            raise _ambiguous(procedure, element, [activities[code] for code in sorted(codes)])
        if codes and element.kind in ("task", "start", "intermediate", "end", "terminate"):
            code_of[element.id] = next(iter(exact or codes))
        elif element.kind == "task":
            unmatched.append(element)
    if activities and not code_of:
        raise _nothing_in_common(procedure, unmatched, activities)
    unknown = [a for code, a in enumerate(activities) if code not in code_of.values()]
    return Matching(code_of, unmatched, unknown)


def _names(activities: Sequence[str], workspace: Workspace | None) -> dict[str, set[int]]:
    known: dict[str, set[int]] = {}
    for code, activity in enumerate(activities):
        words = {activity}
        if workspace is not None:
            words.update(workspace.step_label(activity).values())
        for word in words:
            known.setdefault(_plain(word), set()).add(code)
    return known


def _quoted(names: Iterable[str]) -> Text:
    return joined([say(N_("'{name}'"), name=name) for name in names])


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _ambiguous(procedure: Procedure, element: Element, names: list[str]) -> InputError:
    fault = say(
        N_("{element}: several activities of the log have this name: {names}. Rename one of them."),
        element=element.described,
        names=_quoted(names),
    )
    return InputError(say(N_("{file}: {fault}"), file=procedure.file, fault=fault))


def _nothing_in_common(
    procedure: Procedure, tasks: list[Element], activities: Sequence[str]
) -> InputError:
    fault = say(
        N_(
            "No task has the name of an activity of the log. The procedure has '{task}', the log "
            "'{activity}'. Give them the same names, or labels in the workspace."
        ),
        task=tasks[0].name if tasks else "–",
        activity=activities[0],
    )
    return InputError(say(N_("{file}: {fault}"), file=procedure.file, fault=fault))
