"""A help desk: complaints (yes or no), contacts (a count) and spending (an amount), no prices."""

from dataclasses import replace

from tests.report.building import RAW, by_lever, effect
from tests.report.orders import late_approval, summary

from zaplecze.impact.finding import Estimate, Findings, LeverName
from zaplecze.language import Text


def helpdesk() -> Findings:
    """Repeated checks and reminders."""
    complaint = Text(en="Complaint", pl="Reklamacja", uk="Скарга")
    contacts = Text(en="Contacts", pl="Kontakty", uk="Звернення")
    spending = Text(en="Spending", pl="Wydatki", uk="Витрати клієнта")
    step = Text(en="Contract check", pl="Kontrola umowy", uk="Перевірка договору")
    legal = Text(en="Legal", pl="Dział prawny", uk="Юридичний відділ")
    again = LeverName(
        "rework:check",
        Text(
            en="Contract check: done more than once",
            pl="Kontrola umowy: więcej niż raz",
            uk="Перевірка договору: більше ніж раз",
        ),
        "rework", "check", step, "legal", legal,
    )  # fmt: skip
    reminder = replace(
        again,
        id="exception:reminder",
        label=Text(en="Reminder", pl="Ponaglenie", uk="Нагадування"),
        kind="exception",
        step="reminder",
        step_label=Text(en="Reminder", pl="Ponaglenie", uk="Нагадування"),
    )
    base = replace(
        late_approval(),
        lever=again,
        n=9_800,
        exposed=640,
        share=640 / 9_800,
        exposed_per_year=640.0,
        higher_is_better=False,
        noun=Text(en="cases", pl="spraw", uk="справ"),
        reason=None,
        verdict="yes",
    )
    listed = [
        replace(
            base,
            id="rework:check → complaint",
            outcome="complaint",
            outcome_label=complaint,
            outcome_kind="yes_no",
            means=(0.123, 0.031),
            raw=Estimate(0.092, (0.066, 0.118), 9_800, RAW),
            effect=effect(0.081, 0.055, 0.107, 9_800),
        ),
        replace(
            base,
            id="exception:reminder → contacts",
            lever=reminder,
            outcome="contacts",
            outcome_label=contacts,
            outcome_kind="count",
            means=(2.4, 1.1),
            raw=Estimate(1.3, (1.1, 1.5), 9_800, RAW),
            effect=effect(1.1, 0.9, 1.3, 9_800),
        ),
        replace(
            base,
            id="rework:check → spending",
            outcome="spending",
            outcome_label=spending,
            outcome_kind="amount",
            higher_is_better=True,
            means=(210.0, 236.0),
            raw=Estimate(-26.0, (-60.0, 8.0), 9_800, RAW),
            effect=effect(-12.0, -46.0, 22.0, 9_800),
            verdict="cannot tell",
            reason=Text(
                en="The interval is too wide: it holds both harm and no harm.",
                pl="Przedział jest za szeroki: mieści zarówno szkodę, jak i jej brak.",
                uk="Інтервал надто широкий: у ньому є і шкода, і її відсутність.",
            ),
        ),
        replace(
            base,
            id="exception:reminder → complaint",
            lever=reminder,
            outcome="complaint",
            outcome_label=complaint,
            outcome_kind="yes_no",
            means=(0.4, 0.02),
            raw=Estimate(0.38, (0.3, 0.46), 9_800, RAW),
            effect=None,
            verdict="not comparable",
        ),
    ]
    return Findings(
        replace(
            summary(),
            name=Text(en="Help desk", pl="Obsługa zgłoszeń", uk="Служба підтримки"),
            currency="PLN",
            time_zone="Europe/Warsaw",
            noun=base.noun,
            cases=9_800,
            events=71_000,
            refused_rows=[],
            sample=False,
            warnings=[],
            rows_read={"tickets": 71_000},
        ),
        listed,
        [],
        None,
        by_lever(listed),
    )
