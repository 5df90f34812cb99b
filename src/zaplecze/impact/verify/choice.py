"""Which method a comparison is made by, and what each needs."""

from dataclasses import replace

from zaplecze.errors import InputError
from zaplecze.impact.verify.groups import FEWEST_UNITS
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.result import Family, Method
from zaplecze.language import N_, Text, say

_FEWEST_TO_MIX = 3
"""Other units, and periods before the change."""


def choose(found: Panel, wanted: Method | None, unit: str | None) -> tuple[Method, Text]:
    """The method, and why: the one WANTED, else that which the shape of the data asks for.

    Raises `InputError` where units are to be compared and no column names them (UNIT).
    """
    if wanted is not None:
        if wanted != "its" and unit is None:
            raise InputError(
                say(
                    N_(
                        "--method {method} compares units. Give --unit with the column that "
                        "names them, or take --method its."
                    ),
                    method=wanted,
                )
            )
        return wanted, say(N_("The method was asked for."))
    ours, theirs = int(found.treated.sum()), int((~found.treated).sum())
    if found.dates > 1:
        return "staggered", say(N_("Units changed at different times."))
    if theirs == 0:
        return "its", say(N_("There are no units without the change, only the time before."))
    if ours < FEWEST_UNITS and _can_mix(found, ours, theirs):
        return "sdid", say(N_("Few units changed, at one time, and others did not."))
    if ours < FEWEST_UNITS:
        return "did", say(N_("Few units changed, and there is too little to mix others of."))
    return "did", say(N_("Several units changed at one time and others did not."))


def without_early(found: Panel) -> Panel:
    """Units that changed before the data begin say nothing about before and after."""
    early = found.starts <= 0
    if not early.any():
        return found
    names = [name for name, is_early in zip(found.names, early, strict=True) if is_early]
    note = say(
        N_("Left out, since they had the change from the first period on: {names}."),
        names=", ".join(names[:10]),
    )
    kept = found.only(~early)
    return replace(kept, notes=[*found.notes, note])


def check_sides(found: Panel, method: Method) -> None:
    """Raise `InputError` where METHOD cannot compare the two sides of FOUND."""
    ours, theirs = int(found.treated.sum()), int((~found.treated).sum())
    if ours == 0:
        raise InputError(
            say(
                N_(
                    "No unit with the change was measured in every period. Bring its missing "
                    "periods."
                )
            )
        )
    if found.dates > 1 and method in ("did", "sdid"):
        raise InputError(
            say(
                N_(
                    "The units changed at {n} different times; --method {method} takes one. Take "
                    "--method staggered, or keep the units of one time."
                ),
                n=found.dates,
                method=method,
            )
        )
    if theirs == 0 and found.dates == 1:
        raise InputError(
            say(
                N_(
                    "Every unit has the change, so that there is nothing to compare with. Bring "
                    "units without it, or take --method its."
                )
            )
        )
    if method == "sdid":
        _check_mixture(found, ours, theirs)


def check_family(method: Method, family: Family) -> None:
    """Raise `InputError` where METHOD knows nothing but measurements."""
    if family != "gaussian" and method != "its":
        raise InputError(
            say(
                N_(
                    "--family {family} belongs to --method its. Leave it out; with --offset the "
                    "comparison is made in rates."
                ),
                family=family,
            )
        )


def _can_mix(found: Panel, ours: int, theirs: int) -> bool:
    """Whether a mixture of units can be made at all; how far it can be trusted is judged later."""
    return theirs >= max(ours + 2, _FEWEST_TO_MIX) and found.go_live >= _FEWEST_TO_MIX


def _check_mixture(found: Panel, ours: int, theirs: int) -> None:
    if theirs < ours + 2:
        raise InputError(
            say(
                N_(
                    "Synthetic difference-in-differences is for few units among many: {ours} have "
                    "the change, {theirs} do not. Bring ten or more without it; with five or more on "
                    "each side take --method did."
                ),
                ours=ours,
                theirs=theirs,
            )
        )
    if not _can_mix(found, ours, theirs):
        raise InputError(
            say(
                N_(
                    "Synthetic difference-in-differences mixes other units by their course before. "
                    "Bring at least 3 units without the change (better 10) and 3 periods before it."
                )
            )
        )
