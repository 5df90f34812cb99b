"""Whose delays broke a promise, in words: every late case is divided among its steps."""

from collections.abc import Sequence
from dataclasses import dataclass

from zaplecze.impact.finding import Finding, Part
from zaplecze.language import LANGUAGES, N_, Text, percents, say
from zaplecze.report import words

LEAST_SHARE = 0.01
"""Departments with less of the late cases than this are not named."""


def whose(finding: Finding, least: float = LEAST_SHARE) -> Text:
    """The department of a lever; of a broken promise those with at LEAST this share, and theirs."""
    named = [each for each in _by_department(finding) if each.share >= least]
    if not named:
        return finding.lever.department_label
    return Text(
        (lang, ", ".join(f"{each.name[lang]} {each.percent[lang]}" for each in named))
        for lang in LANGUAGES
    )


def percents_of(parts: Sequence[Part]) -> list[Text]:
    """The shares of the steps among which late cases are divided, written so that they add up."""
    return percents([part.share for part in parts])


def split_clause(finding: Finding) -> Text | None:
    """To whom most late cases are put down; a clause that begins with a number."""
    named = [each for each in _by_department(finding) if each.share >= LEAST_SHARE][:2]
    if not named:
        return None
    first, last = named[0], named[-1]
    return say(
        _PUT_DOWN[len(named), all(each.is_department for each in named)],
        noun=finding.noun,
        share=first.percent,
        name=first.name,
        second=last.percent,
        other=last.name,
    )


_PUT_DOWN = {
    (1, True): N_("{share} of the late {noun} are put down to “{name}”"),
    (2, True): N_("{share} of the late {noun} are put down to “{name}”, {second} to “{other}”"),
    (1, False): N_("{share} of the late {noun} are put down to the step “{name}”"),
    (2, False): N_("the late {noun} are put down to “{name}” ({share}) and “{other}” ({second})"),
}
"""By how many are named, and whether departments are; steps that belong to none stand for themselves."""


def largest_share(finding: Finding) -> Text:
    """The step to which most late cases are put down, with its interval."""
    part, share = max(
        zip(finding.parts, percents_of(finding.parts), strict=True), key=lambda both: both[0].share
    )
    return say(
        N_("Of the late {noun}, {share} are put down to “{name}” (95 % interval {interval})."),
        noun=finding.noun,
        name=part_name(part),
        share=share,
        interval=words.share_range(part.interval),
    )


def part_name(part: Part) -> Text:
    """The step with its department."""
    if not part.department_label["en"]:
        return part.step_label
    return Text(
        (lang, f"{part.step_label[lang]} · {part.department_label[lang]}") for lang in LANGUAGES
    )


@dataclass(frozen=True)
class _Share:
    """A department, or a step that belongs to none, and its share of the late cases."""

    name: Text
    is_department: bool
    share: float
    percent: Text


def _by_department(finding: Finding) -> list[_Share]:
    """Departments (steps that belong to none) with their share of the late cases, largest first."""
    names: dict[str, tuple[Text, bool]] = {}
    shares: dict[str, float] = {}
    for part in finding.parts:
        is_department = bool(part.department_label["en"])
        label = part.department_label if is_department else part.step_label
        names[label["en"]] = label, is_department
        shares[label["en"]] = shares.get(label["en"], 0.0) + part.share
    largest = sorted(shares, key=lambda key: -shares[key])
    written = percents([shares[key] for key in largest])
    return [
        _Share(*names[key], shares[key], words_)
        for key, words_ in zip(largest, written, strict=True)
    ]
