"""Who answered against all customers, as a table."""

from zaplecze.impact.respondents import Contrast, Respondents
from zaplecze.language import N_, Language, number, percent, say
from zaplecze.report.tables import NOTHING, Column, Table


def respondents_table(found: Respondents, language: Language) -> Table:
    """The facts in which those who answered differ most from all."""
    headings = [
        (N_("Fact"), False),
        (N_("Among those who answered"), True),
        (N_("Among all"), True),
        (N_("Difference in standard deviations"), True),
        (N_("Of these answered"), True),
    ]
    return Table(
        say(N_("Who answered: “{outcome}”"), outcome=found.outcome_label)[language],
        [Column(say(heading)[language], is_number) for heading, is_number in headings],
        [_row(each, language) for each in found.contrasts],
    )


def _row(each: Contrast, language: Language) -> list[str]:
    label = each.label[language] if each.level is None else f"{each.label[language]}: {each.level}"
    if each.answer_rate is None:
        answered, everyone, rate = (
            _mean(each.answered, language),
            _mean(each.everyone, language),
            NOTHING,
        )
    else:
        answered, everyone, rate = (
            percent(share)[language] for share in (each.answered, each.everyone, each.answer_rate)
        )
    return [label, answered, everyone, number(each.difference, 3, signed=True)[language], rate]


def _mean(value: float, language: Language) -> str:
    return number(value, 2 if abs(value) < 100 else 0)[language]
