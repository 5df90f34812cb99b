"""A small result folder as ``zaplecze run`` leaves it, with findings chosen to show every part."""

import json
from dataclasses import replace
from pathlib import Path

from zaplecze import chain, eventlog, process
from zaplecze.impact import (
    Benchmark,
    Dose,
    Effect,
    Estimate,
    Finding,
    Findings,
    Input,
    LeverName,
    LeverTotal,
    Money,
    Part,
    Refused,
    Robustness,
    Summary,
)
from zaplecze.language import Text
from zaplecze.web.insight.outputs import DOWNLOADS
from zaplecze.workspace import load

NAME = Text(en="Parcel desk", pl="Punkt paczek", uk="Пункт посилок")
STEP = Text(en="Contract check", pl="Kontrola umowy", uk="Перевірка договору")
LEGAL = Text(en="Legal", pl="Dział prawny", uk="Юридичний відділ")
RATING = Text(en="Rating", pl="Ocena klienta", uk="Оцінка клієнта")
NOUN = Text(en="cases", pl="spraw", uk="справ")

WORKSPACE = """
name = {en = "Parcel desk", pl = "Punkt paczek", uk = "Пункт посилок"}
time_zone = "Europe/Warsaw"

[sources.events]
file = "events.csv"

[case]
key = "case"

[[events]]
source = "events"
case = "case"
activity = "activity"
time = "time"
"""

EVENTS = """case,activity,time
1,Received,2026-01-05 08:00:00
1,Contract check,2026-01-05 09:00:00
1,Answered,2026-01-06 10:00:00
2,Received,2026-01-05 08:30:00
2,Contract check,2026-01-07 09:00:00
2,Contract check,2026-01-08 09:00:00
2,Answered,2026-01-09 10:00:00
3,Received,yesterday <b>at noon</b>
,Received,2026-01-05 08:00:00
"""


def write_results(folder: Path) -> Path:
    """Write the sample to FOLDER."""
    data = folder.parent / f"{folder.name}-data"
    data.mkdir(parents=True)
    folder.mkdir(parents=True)
    (data / "zaplecze.toml").write_text(WORKSPACE, encoding="utf-8")
    (data / "events.csv").write_text(EVENTS, encoding="utf-8")
    workspace = load(data / "zaplecze.toml")
    log = eventlog.build(workspace, data, folder / chain.LOG)
    graph = json.dumps(process.graph(log, workspace).to_dict())
    log.close()
    write_findings(folder, findings())
    (folder / chain.GRAPH).write_text(graph, encoding="utf-8")
    for name in set(DOWNLOADS) - {chain.FINDINGS}:
        (folder / name).write_bytes(f"the {name}".encode())
    return folder


def write_findings(folder: Path, of: Findings) -> None:
    """Put findings into a result folder."""
    (folder / chain.FINDINGS).write_text(of.to_json(), encoding="utf-8")


def findings() -> Findings:
    """A step that hurts and costs, and one of which nothing can be told."""
    return Findings(
        workspace=Summary(
            name=NAME,
            currency="PLN",
            time_zone="Europe/Warsaw",
            language="pl",
            noun=NOUN,
            cases=12_345,
            events=67_890,
            start="2026-01-05T07:00:00+00:00",
            end="2026-06-30T15:00:00+00:00",
            created="2026-07-01T09:30:00+00:00",
            version="0.1.0",
            refused_rows=[{"source": "events", "reason": "no_case", "rows": 1}],
            rows_read={"events": 9},
        ),
        findings=[late_check(), unclear_check()],
        refused=[
            Refused(
                "answer_days",
                Text(en="days to the answer", pl="dni do odpowiedzi", uk="днів до відповіді"),
                "rating",
                Text(
                    en="Known only when the case ends.",
                    pl="Znane dopiero na końcu sprawy.",
                    uk="Стає відомим лише наприкінці справи.",
                ),
            )
        ],
        total=money(),
        levers=by_lever([late_check(), unclear_check()]),
    )


def by_lever(of: list[Finding]) -> list[LeverTotal]:
    """Every finding as the only one of its lever."""
    return [
        LeverTotal(
            lever=finding.lever,
            share=finding.share,
            exposed_per_year=finding.exposed_per_year,
            verdict=finding.verdict,
            money=finding.money,
            own=finding.own,
            counted_in=[],
            findings=[finding.id],
        )
        for finding in of
    ]


def money() -> Money:
    """A year's cost with a measured and an assumed input."""
    cases = Text(
        en="Late cases in a year", pl="Spóźnione sprawy w roku", uk="Запізнілі справи за рік"
    )
    price = Text(en="Price of one", pl="Cena jednej", uk="Ціна однієї")
    return Money(
        per_year=480_000.0,
        interval=(310_000.0, 655_000.0),
        currency="PLN",
        basis="assumed",
        inputs=[
            Input(cases, 4_800.0, 4_800.0, 4_800.0, "cases", "measured"),
            Input(price, 100.0, 65.0, 136.0, "PLN", "assumed"),
        ],
        formula=Text(en="cases × price", pl="sprawy × cena", uk="справи × ціна"),
    )


def late_check() -> Finding:
    """The contract check that is late, with everything that a finding can have."""
    label = Text(
        en="Contract check: after its target",
        pl="Kontrola umowy: po terminie docelowym",
        uk="Перевірка договору: пізніше за ціль",
    )
    doubt = Text(
        en="Something unmeasured would have to explain 12 % of what is left.",
        pl="Coś niezmierzonego musiałoby wyjaśnić 12 % tego, co pozostało.",
        uk="Щось невиміряне мало б пояснити 12 % того, що залишилося.",
    )
    caveat = Text(en="Not an experiment.", pl="To nie eksperyment.", uk="Це не експеримент.")
    bands = [("up to 1 d", "do 1 d", "до 1 д", -0.2), ("over 1 d", "ponad 1 d", "понад 1 д", -0.6)]
    return Finding(
        id="late:check → rating",
        lever=LeverName("late:check", label, "late", "check", STEP, "legal", LEGAL),
        outcome="rating",
        outcome_label=RATING,
        outcome_kind="rating",
        higher_is_better=True,
        noun=NOUN,
        n=12_000,
        exposed=4_800,
        share=0.4,
        exposed_per_year=4_800.0,
        means=(3.4, 4.1),
        raw=Estimate(-0.7, (-0.8, -0.6), 12_000, "difference of means, errors clustered by customer"),
        effect=_effect(-0.45),
        robustness=Robustness(0.12, 0.1, Benchmark("size", STEP, 0.01, 0.02), doubt),
        verdict="yes",
        reason=None,
        dose=[
            Dose(float(i), float(i + 1), "days", Text(en=en, pl=pl, uk=uk), 2_400, _effect(estimate))
            for i, (en, pl, uk, estimate) in enumerate(bands)
        ],
        parts=[
            Part("check", STEP, "legal", LEGAL, 0.7, (0.6, 0.8), 3_360.0),
            Part("answer", RATING, "legal", LEGAL, 0.3, (0.2, 0.4), 1_440.0),
        ],
        caveats=[caveat],
        priced=_effect(0.1),
        money=money(),
        own=money(),
    )  # fmt: skip


def unclear_check() -> Finding:
    """The repeated contract check, of which there are too few."""
    label = Text(
        en="Contract check: done more than once",
        pl="Kontrola umowy: więcej niż raz",
        uk="Перевірка договору: більше ніж раз",
    )
    reason = Text(en="Only 12 such cases.", pl="Tylko 12 takich spraw.", uk="Лише 12 таких справ.")
    return replace(
        late_check(),
        id="rework:check → rating",
        lever=LeverName("rework:check", label, "rework", "check", STEP, "legal", LEGAL),
        exposed=12,
        share=0.001,
        exposed_per_year=12.0,
        effect=None,
        robustness=None,
        verdict="cannot tell",
        reason=reason,
        dose=[],
        parts=[],
        priced=None,
        money=None,
        own=None,
    )


def _effect(estimate: float) -> Effect:
    method = "partially linear, cross-fitted in 5 folds by customer with gradient-boosted trees"
    return Effect(estimate, (estimate - 0.05, estimate + 0.05), 12_000, method, ["size"])
