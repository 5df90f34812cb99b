"""Whose delays broke a promise, in words: every late case is divided among its steps."""

from zaplecze.impact.finding import Finding, Part
from zaplecze.language import LANGUAGES, N_, Text, percent, say
from zaplecze.report import words

LEAST_SHARE = 0.01
"""Departments with less of the late cases than this are not named."""


def whose(finding: Finding, least: float = LEAST_SHARE) -> Text:
    """The department of a lever; of a broken promise those with at LEAST this share, and theirs."""
    named = [(name, share) for name, share in _by_department(finding) if share >= least]
    if not named:
        return finding.lever.department_label
    shares = [(name, percent(share, 0)) for name, share in named]
    return Text(
        (lang, ", ".join(f"{name[lang]} {share[lang]}" for name, share in shares))
        for lang in LANGUAGES
    )


def split_clause(finding: Finding) -> Text | None:
    """To whom most late cases are put down; a clause that begins with a number."""
    named = [(name, share) for name, share in _by_department(finding) if share >= LEAST_SHARE]
    if not named:
        return None
    values = {
        "noun": finding.noun,
        "share": percent(named[0][1], 0),
        "name": named[0][0],
    }
    if len(named) == 1:
        return say(N_("{share} of the late {noun} are put down to “{name}”"), **values)
    return say(
        N_("{share} of the late {noun} are put down to “{name}”, {second} to “{other}”"),
        second=percent(named[1][1], 0),
        other=named[1][0],
        **values,
    )


def largest_share(finding: Finding) -> Text:
    """The step to which most late cases are put down, with its interval."""
    part = max(finding.parts, key=lambda part: part.share)
    return say(
        N_("Of the late {noun}, {share} are put down to “{name}” (95 % interval {interval})."),
        noun=finding.noun,
        name=part_name(part),
        share=percent(part.share, 0),
        interval=words.share_range(part.interval),
    )


def part_name(part: Part) -> Text:
    """The step with its department."""
    if not part.department_label["en"]:
        return part.step_label
    return Text(
        (lang, f"{part.step_label[lang]} · {part.department_label[lang]}") for lang in LANGUAGES
    )


def _by_department(finding: Finding) -> list[tuple[Text, float]]:
    """Departments (steps that belong to none) with their share of the late cases, largest first."""
    names: dict[str, Text] = {}
    shares: dict[str, float] = {}
    for part in finding.parts:
        label = part.department_label if part.department_label["en"] else part.step_label
        names[label["en"]] = label
        shares[label["en"]] = shares.get(label["en"], 0.0) + part.share
    return sorted(((names[key], share) for key, share in shares.items()), key=lambda one: -one[1])
