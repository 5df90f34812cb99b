"""Slides of what the work does to customers: process, loss, effects, promises, lever by lever."""

from collections.abc import Sequence

from zaplecze.impact.finding import Estimate, Finding, LeverTotal
from zaplecze.language import N_, Language, number, say
from zaplecze.report import harm, levers, pictures, shares, words
from zaplecze.report.figures import bars
from zaplecze.report.figures.svg import Ink
from zaplecze.report.labels import NOTES
from zaplecze.report.moneyunit import Unit
from zaplecze.report.slides import charts
from zaplecze.report.slides.blueprint import MOST_STEPS, draw_blueprint
from zaplecze.report.slides.charts import Look, Series
from zaplecze.report.slides.fitting import height
from zaplecze.report.slides.layout import BODY, Box, Line, Sheet
from zaplecze.report.slides.material import Material
from zaplecze.report.tables import Table
from zaplecze.report.view import View
from zaplecze.report.way import usual_way

MOST_COLUMNS, MOST_ROWS = 7, 9
"""Levers that a waterfall, and a chart of effects, can show so that they are read."""

MOST_LEVERS = 3
"""Levers with a slide of their own."""


def process_slide(material: Material) -> None:
    """The usual way with its waits, and what its steps do to customers."""
    content = material.content
    way = usual_way(material.graph, material.findings)
    if not way:
        sheet = material.sheet(content.labels["process"], content.labels["no_map"])
        sheet.text(BODY, [Line(content.labels["no_map"], 16)])
        return
    assert content.blueprint is not None
    shown = content.blueprint
    sheet = material.sheet(shown.message, shown.note, shown.ref)
    if len(way) <= MOST_STEPS:
        draw_blueprint(sheet, way, material.language)
    else:
        rows = shown.table.rows[:14]
        sheet.table(BODY, Table(shown.message, shown.table.columns, rows), (4, 3, 1, 1.4), 12)


def loss_slide(material: Material) -> None:
    """What we lose by lever, as a waterfall to the total; without prices the first slide says why."""
    picture, total = material.content.money, material.findings.total
    if picture is None or total is None:
        return
    counted = levers.worst_first(material.findings)
    own = [(lever, words.own_cost(lever)) for lever in counted if words.own_cost(lever) > 0]
    unit = Unit.of([total.per_year], total.currency)
    note = material.words(
        say(
            N_("{unit} a year, each harm counted once; 90 % range of the total {range}. Hatched: rests on something assumed."),
            unit=unit.name,
            range=words.cost_range(total),
        )
    )  # fmt: skip
    sheet = material.sheet(picture.message, note, "money")
    shown, rest = own[:MOST_COLUMNS], sum(amount for _, amount in own[MOST_COLUMNS:])
    names = [material.words(lever.lever.label) for lever, _ in shown]
    steps = [amount for _, amount in shown]
    if rest:
        names.append(material.words(say(N_("{n} more levers"), n=number(len(own) - len(shown)))))
        steps.append(rest)
    drawn = BODY._replace(width=min(BODY.width, 2.0 * (len(names) + 1)))
    waterfall(
        sheet,
        drawn,
        names,
        [step / unit.size for step in steps],
        _total_name(material),
        total.basis,
        picture.alt,
        material.language,
    )
    left = BODY.width - drawn.width - 0.5
    if left > 4.5:
        table = picture.table
        shown_columns = [table.columns[k] for k in (0, 2, 3)]
        rows = [[row[k] for k in (0, 2, 3)] for row in table.rows[:MOST_ROWS]]
        place = BODY._replace(left=BODY.left + drawn.width + 0.5, width=left)
        sheet.table(place, Table(table.caption, shown_columns, rows), (3, 1.4, 2.2), 12)


def waterfall(
    sheet: Sheet,
    box: Box,
    names: Sequence[str],
    steps: Sequence[float],
    total: str,
    basis: str,
    alt: str,
    language: Language,
) -> None:
    """STEPS up to their sum, as stacked columns over others that cannot be seen."""
    starts = [sum(steps[:k]) for k in range(len(steps))]
    fill: charts.Fill = "hatch" if basis == "assumed" else "solid"
    charts.columns(
        sheet,
        box,
        [*names, total],
        [
            Series("–", [*starts, None], fill="none", labelled=False),
            Series("Δ", [*steps, None], "bad", fill),
            Series(total, [*(None for _ in steps), sum(steps)], "ink", fill),
        ],
        Look(
            format="[>=10]#,##0;0.0",
            language=language,
            low=0,
            gap=40,
            size=13,
            stacked=True,
        ),
        alt,
    )


def effects_slides(material: Material, kinds: tuple[str, ...]) -> None:
    """One slide for every outcome of KINDS: the adjusted effect of each lever, with its interval."""
    outcomes = {f.outcome: f for f in material.findings.findings if f.outcome_kind in kinds}
    for name in outcomes:
        same = [f for f in material.findings.findings if f.outcome == name]
        known = [f for f in same if f.effect is not None]
        shown = sorted(known, key=_harm_first)[:MOST_ROWS]
        sheet = material.sheet(
            material.words(harm.effects_message(same)),
            _effects_note(material, same[0]) if shown else material.words(same[0].outcome_label),
            f"outcome:{name}",
        )
        if not shown:
            sheet.text(BODY, _reasons(material, same))
            continue
        unknown = [f for f in same if f not in shown]
        _effects_chart(material, sheet, shown, bool(unknown))
        if unknown:
            told = say(
                N_("Not drawn: {n} levers that cannot be told or do less; see report.pdf."),
                n=number(len(unknown)),
            )
            sheet.text(
                Box(BODY.left, 6.5, BODY.width, 0.3), [Line(material.words(told), 12, "soft")]
            )


def _reasons(material: Material, same: Sequence[Finding]) -> list[Line]:
    """Why nothing of the SAME outcome can be drawn, lever by lever."""
    lines = []
    for finding in same[:MOST_ROWS]:
        lines.append(Line(material.words(finding.lever.label), 16, strong=True, after=0))
        told = finding.reason or say(words.VERDICTS[finding.verdict])
        lines.append(Line(material.words(told), 14, "soft", after=8))
    return lines


def _harm_first(finding: Finding) -> tuple[bool, float]:
    """Harm that is shown before all else, the largest first."""
    assert finding.effect is not None
    return finding.verdict != "yes", -abs(finding.effect.estimate)


def _effects_chart(material: Material, sheet: Sheet, shown: Sequence[Finding], less: bool) -> None:
    names, values, spreads, inks = [], [], [], []
    for finding in shown:
        effect = finding.effect
        assert effect is not None
        factor = words.factor(finding)
        names.append(
            f"{material.words(finding.lever.label)}\n{_told_effect(material, finding, effect)}"
        )
        values.append(effect.estimate * factor)
        spreads.append((effect.interval[0] * factor, effect.interval[1] * factor))
        small = words.is_small(effect, finding.exposed)
        inks.append("grey" if small else bars.effect_ink(finding, effect))
    low, high = _scale(material, shown[0])
    room = BODY._replace(height=BODY.height - (0.4 if less else 0))
    charts.bars(
        sheet,
        room._replace(height=min(room.height, 0.8 + 0.75 * len(shown))),
        names,
        [
            Series(
                material.words(shown[0].outcome_label),
                values,
                "bad",
                inks=inks,
                spreads=spreads,
                labelled=False,
            )
        ],
        Look(language=material.language, low=low, high=high, gap=70),
        "; ".join(names),
    )


def _scale(material: Material, finding: Finding) -> tuple[float, float]:
    """The ends that everything in the unit of FINDING's outcome shares, with room for numbers."""
    factor = words.factor(finding)
    reached = [0.0, *(bound * factor for bound in bars.reach(finding, material.findings))]
    low, high = min(reached), max(reached)
    air = 0.15 * (high - low)
    return low - air if low < 0 else 0.0, high + air if high > 0 else 0.0


def _effects_note(material: Material, finding: Finding) -> str:
    unit = {
        "yes_no": N_("percentage points"),
        "duration": N_("time"),
    }.get(finding.outcome_kind)
    told = say(unit) if unit else finding.outcome_label
    return material.words(
        say(
            N_("Adjusted difference between exposed cases and the others, {unit}; in brackets and as whiskers the 95 % interval"),
            unit=told,
        )
    )  # fmt: skip


def promise_slides(material: Material) -> None:
    """Whose delays broke a promise, for every promise whose lever has no slide of its own."""
    shown = {lever.lever.id for lever, _ in _levers_shown(material)}
    for finding in harm.promises(material.findings):
        if finding.lever.id not in shown:
            _promise_slide(material, finding)


def _promise_slide(material: Material, finding: Finding) -> None:
    picture = pictures.split_picture(finding, material.language)
    sheet = material.sheet(picture.message, picture.note, picture.ref)
    names = []
    for part, share in zip(finding.parts, shares.percents_of(finding.parts), strict=True):
        department = material.words(part.department_label)
        whose = f" · {department}" if department else ""
        spread = words.share_range(part.interval)[material.language]
        told = f"{material.words(share)} ({spread})"
        names.append(f"{material.words(part.step_label)}{whose}\n{told}")
    others: list[Ink] = ["grey"] * (len(names) - 1)
    inks: list[Ink] = ["accent", *others]
    charts.bars(
        sheet,
        BODY._replace(height=min(BODY.height, 0.8 + 0.75 * len(names))),
        names,
        [
            Series(
                picture.table.columns[2].heading,
                [part.share for part in finding.parts],
                "grey",
                inks=inks,
                spreads=[part.interval for part in finding.parts],
                labelled=False,
            )
        ],
        Look(language=material.language, low=0, high=1, gap=70),
        picture.alt,
    )


def lever_slides(material: Material) -> None:
    """The levers that weigh most, each with its evidence, its doubt and what to do next.

    Whose delays broke a promise follows its lever.
    """
    for lever, view in _levers_shown(material):
        _lever_slide(material, lever, view)
        main = levers.main_finding(lever, material.findings)
        if main.parts:
            _promise_slide(material, main)


def _levers_shown(material: Material) -> list[tuple[LeverTotal, View]]:
    views = {view.ref: view for view in material.content.levers}
    worst = levers.worst_first(material.findings)[:MOST_LEVERS]
    return [(lever, view) for lever in worst if (view := views.get(f"lever:{lever.lever.id}"))]


def _lever_slide(material: Material, lever: LeverTotal, view: View) -> None:
    main = levers.main_finding(lever, material.findings)
    sheet = material.sheet(view.title, view.sentence, view.ref)
    half = BODY.width * 0.56
    _dose_chart(material, sheet, main, half)
    right = Box(BODY.left + half + 0.4, BODY.top, BODY.width - half - 0.4, BODY.height)
    top = right.top
    for fact in view.facts:
        lines = [Line(f"{fact.term}: {fact.value}", 14, strong=True, after=0)]
        if fact.detail:
            lines.append(Line(fact.detail, 12, "soft"))
        taken = sum(height(line.words, right.width, line.size) for line in lines) + 0.12
        sheet.text(right._replace(top=top, height=taken), lines)
        top += taken
    labels = material.content.labels
    for heading, told in ((labels["steps"], view.steps), (labels["sure"], view.sure)):
        top = _told(sheet, right, top, heading, told)


def _told(sheet: Sheet, column: Box, top: float, heading: str, told: Sequence[str]) -> float:
    """As many of the lines TOLD as fit below TOP; returns where they end."""
    lines, taken = [Line(heading, 12, "accent", after=2)], 0.32
    bottom = column.top + column.height
    for words_ in told:
        more = height(words_, column.width - 0.15, 12) + 0.06
        if top + taken + more > bottom:
            break
        lines.append(Line(words_, 12, bullet=True))
        taken += more
    if len(lines) > 1:
        sheet.text(column._replace(top=top, height=taken), lines)
    return top + taken + 0.1 if len(lines) > 1 else top


def _dose_chart(material: Material, sheet: Sheet, finding: Finding, width: float) -> None:
    """The effect by size of the delay; without sizes, raw difference beside adjusted effect."""
    factor = words.factor(finding)
    doses = [dose for dose in finding.dose if dose.effect is not None]
    digits = bars.dose_digits(finding)
    if doses:
        estimates: list[Estimate] = [d.effect for d in doses if d.effect is not None]
        names = [
            f"{material.words(d.label)}\n{_told_effect(material, finding, e, digits)}\n"
            f"n = {number(d.n)[material.language]}"
            for d, e in zip(doses, estimates, strict=True)
        ]
        message, note = pictures.dose_message(finding), say(NOTES["dose"])
        cases = [float(d.n) for d in doses]
    else:
        effects = [e for e in (finding.raw, finding.effect) if e is not None]
        told = [N_("Raw difference"), N_("Adjusted effect")][: len(effects)]
        estimates = effects
        names = [
            f"{material.words(say(each))}\n{_told_effect(material, finding, e)}"
            for each, e in zip(told, effects, strict=True)
        ]
        message, note = pictures.comparison_message(finding), say(NOTES["comparison"])
        cases = [float(finding.exposed)] * len(effects)
    inks: list[Ink] = [
        "grey" if words.is_small(e, n) else bars.effect_ink(finding, e)
        for e, n in zip(estimates, cases, strict=True)
    ]
    low, high = _scale(material, finding)
    sheet.text(
        Box(BODY.left, BODY.top, width, 0.6), [Line(material.words(message), 14, strong=True)]
    )
    charts.columns(
        sheet,
        Box(BODY.left, BODY.top + 0.65, width, BODY.height - 1.35),
        names,
        [
            Series(
                material.words(finding.outcome_label),
                [e.estimate * factor for e in estimates],
                "bad",
                inks=inks,
                spreads=[(e.interval[0] * factor, e.interval[1] * factor) for e in estimates],
                labelled=False,
            )
        ],
        Look(language=material.language, low=low, high=high, gap=70),
        material.words(message),
    )
    sheet.text(
        Box(BODY.left, BODY.top + BODY.height - 0.65, width, 0.65),
        [Line(material.words(note), 11, "soft")],
    )


def _told_effect(
    material: Material, finding: Finding, effect: Estimate, digits: int | None = None
) -> str:
    """An effect with its interval, for the name of its bar: on the bar it would hit the whisker."""
    value = material.words(words.difference(finding, effect, digits))
    return f"{value} ({material.words(words.difference_range(finding, effect, digits))})"


def _total_name(material: Material) -> str:
    return material.words(say(words.TOGETHER))
