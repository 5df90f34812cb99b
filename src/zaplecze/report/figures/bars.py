"""Figures of findings: bars from zero, labelled directly, intervals as whiskers and in words.

Every function takes the width in pixels (`WIDE` for a page, `NARROW` for a phone, `PAPER` for A4)
and gives a drawing whose accessible name says the numbers in LANGUAGE.
"""

from collections.abc import Iterator

from zaplecze.impact.finding import Dose, Estimate, Finding, Findings, LeverTotal, Money
from zaplecze.language import N_, Language, Text, joined, percent, say, say_plural
from zaplecze.process.svg import wrap_all
from zaplecze.report import levers, shares, words
from zaplecze.report.figures.rows import BAR, NARROW, PAPER, WIDE, Draw, Row, Rows
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale

__all__ = [
    "NARROW",
    "PAPER",
    "WIDE",
    "comparison_figure",
    "dose_figure",
    "effects_figure",
    "money_figure",
    "split_figure",
]

MOST_BARS = 5
LEAST_DRAWN = 0.1
"""Under a label there is room for the departments with this share of the late cases, or more."""


def money_figure(findings: Findings, language: Language, width: int = WIDE) -> str:
    """What each lever costs in a year, with its range; below, the total counted once.

    Striped bars rest on something assumed; the outlined part of a bar is counted elsewhere. Only
    the `MOST_BARS` most expensive levers are drawn, so that the board's page stays one.
    """
    priced = [(lever, lever.money) for lever in findings.levers if lever.money][:MOST_BARS]
    amounts = [money for _, money in priced] + ([findings.total] if findings.total else [])
    rows = Rows.over(width, (bound for money in amounts for bound in money.interval))
    rows.rows += [_money_row(lever, money, findings, language) for lever, money in priced]
    if findings.total is not None:
        rows.rows.append(
            Row(
                say(words.TOGETHER)[language],
                "",
                words.cost(findings.total)[language],
                words.cost_range(findings.total)[language],
                _bar(findings.total, findings.total.per_year, "ink"),
            )
        )
    return rows.to_svg()


def effects_figure(findings: Findings, outcome: str, language: Language, width: int = WIDE) -> str:
    """The adjusted effect of every lever on OUTCOME, with its interval.

    Where there is none at all, the levers stand under what is said of them.
    """
    same = [finding for finding in findings.findings if finding.outcome == outcome]
    if all(finding.effect is None for finding in same):
        return _unknown_figure(same, language, width)
    rows = _effect_rows(same[0], findings, language, width)
    rows.rows += [_effect_row(finding, language) for finding in same]
    return rows.to_svg()


def _unknown_figure(same: list[Finding], language: Language, width: int) -> str:
    """The levers of findings without effect, by verdict: there is nothing to draw."""
    canvas, y, told = Canvas(width), 0.0, []
    for verdict in dict.fromkeys(finding.verdict for finding in same):
        labels = [finding.lever.label for finding in same if finding.verdict == verdict]
        heading = say(words.VERDICTS[verdict])[language]
        canvas.text(0, y + LINE, heading, strong=True)
        y += LINE
        for line in wrap_all("; ".join(label[language] for label in labels), width, FONT_SIZE):
            y += LINE
            canvas.text(0, y, line)
        told.append(f"{heading}: {joined(labels)[language]}")
        y += LINE / 2
    return canvas.to_svg(y, "; ".join(told))


def comparison_figure(
    finding: Finding, findings: Findings, language: Language, width: int = WIDE
) -> str:
    """The raw difference of FINDING against the one with what was known before held equal."""
    rows = _effect_rows(finding, findings, language, width)
    rows.rows.append(
        Row(
            say(N_("Raw difference"))[language],
            say(N_("nothing held equal"))[language],
            words.difference(finding, finding.raw)[language],
            words.difference_range(finding, finding.raw)[language],
            _interval(finding.raw, "grey", hollow=True),
        )
    )
    if finding.effect is not None:
        rows.rows.append(
            Row(
                say(N_("Adjusted effect"))[language],
                say(N_("what was known before held equal"))[language],
                words.difference(finding, finding.effect)[language],
                words.difference_range(finding, finding.effect)[language],
                _interval(finding.effect, _ink(finding)),
            )
        )
    return rows.to_svg()


def dose_figure(finding: Finding, findings: Findings, language: Language, width: int = WIDE) -> str:
    """The effect by size of the delay: steps from zero with intervals, few cases in grey."""
    rows = _effect_rows(finding, findings, language, width)
    digits = dose_digits(finding)
    rows.rows += [_dose_row(finding, dose, digits, language) for dose in finding.dose]
    return rows.to_svg()


def split_figure(finding: Finding, language: Language, width: int = WIDE) -> str:
    """Whose delays broke a promise: the steps' shares of the late cases, adding up to 100 %."""
    ends = [0.0, 1.0, *(sum(p.share for p in finding.parts[:k]) for k in range(len(finding.parts)))]
    rows = Rows.over(width, ends)
    biggest = max(finding.parts, key=lambda part: part.share, default=None)
    start = 0.0
    for part, share in zip(finding.parts, shares.percents_of(finding.parts), strict=True):
        rows.rows.append(
            Row(
                part.step_label[language],
                part.department_label[language],
                share[language],
                words.share_range(part.interval)[language],
                _piece(start, part.share, part.interval, "accent" if part is biggest else "grey"),
            )
        )
        start += part.share
    rows.rows.append(
        Row(
            say(N_("All late cases"))[language],
            "",
            percent(start, 0)[language],
            "",
            lambda canvas, scale, y: canvas.rect(
                scale(0), y - BAR / 2, scale(start) - scale(0), BAR, "ink"
            ),
        )
    )
    return rows.to_svg()


def dose_digits(finding: Finding) -> int:
    """Decimals for all sizes of the delay alike: those that the widest interval can carry."""
    effects = [dose.effect for dose in finding.dose if dose.effect is not None]
    return min((words.digits_of(finding, effect) for effect in effects), default=0)


def effect_ink(finding: Finding, estimate: Estimate) -> Ink:
    """Vermilion where the whole interval is harm, blue where it is good, else grey."""
    low, high = estimate.interval
    if low <= 0 <= high:
        return "grey"
    return "bad" if words.is_harm(finding, estimate.estimate) else "good"


def _ink(finding: Finding) -> Ink:
    if finding.effect is None or finding.verdict in ("cannot tell", "not comparable"):
        return "grey"
    return effect_ink(finding, finding.effect)


def _effect_rows(finding: Finding, findings: Findings, language: Language, width: int) -> Rows:
    """Empty rows on the scale that everything in the unit of FINDING's outcome shares."""
    better, worse = say(N_("better"))[language], say(N_("worse"))[language]
    ends = (worse, better) if finding.higher_is_better else (better, worse)
    return Rows.over(width, reach(finding, findings), ends)


def reach(finding: Finding, findings: Findings) -> Iterator[float]:
    """Every bound drawn in the same unit; what is small or not comparable does not stretch the scale."""
    for other in (*findings.findings, finding):
        if _unit(other) != _unit(finding):
            continue
        compared = other.effect is not None and not words.is_small(other.raw, other.exposed)
        if compared or other is finding:
            yield from other.raw.interval
        if other.effect is not None:
            yield from other.effect.interval
        for dose in other.dose:
            if dose.effect is not None and not words.is_small(dose.effect, dose.n):
                yield from dose.effect.interval


def _unit(finding: Finding) -> str:
    """Shares of cases are one unit; other outcomes have each their own."""
    return "share" if finding.outcome_kind == "yes_no" else finding.outcome


def _effect_row(finding: Finding, language: Language) -> Row:
    label, note = finding.lever.label[language], shares.whose(finding, LEAST_DRAWN)[language]
    if finding.effect is None:
        unknown = say(words.VERDICTS[finding.verdict])[language]
        return Row(label, note, unknown, "", _nothing, "soft")
    small = words.is_small(finding.effect, finding.exposed)
    if small:
        note = _only(finding.exposed)[language]
    return Row(
        label,
        note,
        words.difference(finding, finding.effect)[language],
        words.difference_range(finding, finding.effect)[language],
        _interval(finding.effect, "grey" if small else _ink(finding)),
        "soft" if small else "ink",
    )


def _dose_row(finding: Finding, dose: Dose, digits: int, language: Language) -> Row:
    cases = say_plural(N_("{count} case"), N_("{count} cases"), dose.n)
    small = words.is_small(dose.effect, dose.n)
    note = _only(dose.n) if small else cases
    if dose.effect is None:
        few = say(N_("too few to tell"))[language]
        return Row(dose.label[language], note[language], few, "", _nothing, "soft")
    ink = "grey" if small else effect_ink(finding, dose.effect)
    return Row(
        dose.label[language],
        note[language],
        words.difference(finding, dose.effect, digits)[language],
        words.difference_range(finding, dose.effect, digits)[language],
        _step(dose.effect, ink),
        "soft" if small else "ink",
    )


def _only(cases: int) -> Text:
    return say_plural(N_("only {count} case"), N_("only {count} cases"), cases)


def _money_row(lever: LeverTotal, money: Money, findings: Findings, language: Language) -> Row:
    own = words.own_money(lever)
    return Row(
        lever.lever.label[language],
        shares.whose(levers.main_finding(lever, findings), LEAST_DRAWN)[language],
        words.cost(money)[language],
        words.cost_range(money)[language],
        _bar(money, own.per_year if own else 0.0, "bad" if money.per_year > 0 else "good"),
    )


def _bar(money: Money, own: float, ink: Ink) -> Draw:
    """A bar of which only OWN is filled; striped when something in it is assumed."""

    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        zero, end, filled = scale(0), scale(money.per_year), scale(own)
        canvas.frame(zero, y - BAR / 2, end - zero, BAR, ink)
        if own:
            striped = money.basis == "assumed"
            canvas.rect(zero, y - BAR / 2, filled - zero, BAR, ink, hatched=striped)
        low, high = money.interval
        canvas.whisker(scale(low), scale(high), y)

    return draw


def _interval(estimate: Estimate, ink: Ink, *, hollow: bool = False) -> Draw:
    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        low, high = estimate.interval
        canvas.line(scale(0), y, scale(estimate.estimate), y, "line", width=2)
        canvas.whisker(scale(low), scale(high), y, ink, open_ends=scale.open_ends(low, high))
        canvas.dot(scale(estimate.estimate), y, ink, hollow=hollow)

    return draw


def _step(estimate: Estimate, ink: Ink) -> Draw:
    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        low, high = estimate.interval
        zero = scale(0)
        canvas.rect(zero, y - BAR / 2, scale(estimate.estimate) - zero, BAR, ink)
        canvas.whisker(scale(low), scale(high), y, open_ends=scale.open_ends(low, high))

    return draw


def _piece(start: float, share: float, interval: tuple[float, float], ink: Ink) -> Draw:
    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        left, right = scale(start), scale(start + share)
        canvas.rect(left, y - BAR / 2, right - left, BAR, ink)
        canvas.whisker(scale(start + interval[0]), scale(start + interval[1]), y)

    return draw


def _nothing(canvas: Canvas, scale: Scale, y: float) -> None:
    """Nothing can be drawn."""
