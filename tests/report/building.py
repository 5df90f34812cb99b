"""Effects, money and levers of findings, as the analysis and the pricing make them."""

from zaplecze.impact.finding import Dose, Effect, Finding, Input, LeverTotal, Money
from zaplecze.language import Text, joined

RAW = "difference of means, errors clustered by customer"
METHOD = "partially linear, cross-fitted in 5 folds by customer with gradient-boosted trees"

HELD = joined(
    [
        Text(en="freight", pl="koszt przesyłki", uk="вартість доставки"),
        Text(en="price", pl="cena", uk="ціна"),
        Text(en="state", pl="stan", uk="штат"),
        Text(en="promised time", pl="obiecany czas", uk="обіцяний час"),
    ]
)


def effect(estimate: float, low: float, high: float, n: int = 15_063) -> Effect:
    return Effect(estimate, (low, high), n, METHOD, ["freight", "price", "state"], HELD)


def cost(exposed: float, low_answers: Effect, low: float, high: float) -> Money:
    """Exposed orders x more low answers x price, as the pricing makes it."""
    inputs = [
        Input(
            Text(
                en="Exposed orders in a year",
                pl="Zamówienia w roku",
                uk="Замовлення за рік",
            ),
            exposed, exposed, exposed, "cases", "measured",
        ),
        Input(
            Text(
                en="More low reviews per exposed order",
                pl="Więcej niskich ocen na zamówienie",
                uk="Більше низьких оцінок на замовлення",
            ),
            low_answers.estimate, *low_answers.interval, "per case", "measured",
        ),
        Input(
            Text(en="Price of one", pl="Cena jednej", uk="Ціна однієї"),
            75.0, 40.0, 110.0, "BRL", "assumed",
            Text(
                en="Margin and handling of an order that ends in a low review",
                pl="Marża i obsługa zamówienia z niską oceną",
                uk="Маржа й обробка замовлення з низькою оцінкою",
            ),
        ),
    ]  # fmt: skip
    return Money(
        exposed * low_answers.estimate * 75.0,
        (low, high),
        "BRL",
        "assumed",
        inputs,
        Text.same("exposed × more low reviews × price"),
    )


def bands(*found: tuple[str, str, str, float, float, float, int]) -> list[Dose]:
    doses = []
    for position, (en, pl, uk, estimate, low, high, n) in enumerate(found):
        doses.append(
            Dose(
                float(position),
                float(position + 1),
                "days",
                Text(en=en, pl=pl, uk=uk),
                n,
                effect(estimate, low, high),
            )
        )
    return doses


def total_of(findings: list[Finding]) -> Money:
    own = [finding.own for finding in findings if finding.own]
    return Money(
        sum(money.per_year for money in own),
        (24_700.0, 61_900.0),
        "BRL",
        "assumed",
        [],
        Text.same("sum"),
    )


def by_lever(findings: list[Finding]) -> list[LeverTotal]:
    """Every lever with the sums of its findings, as the pricing makes them."""
    levers = []
    for lever in dict.fromkeys(finding.lever.id for finding in findings):
        group = [finding for finding in findings if finding.lever.id == lever]
        first = group[0]
        contained = {where.partition(" → ")[0]: None for f in group for where in f.counted_in}
        levers.append(
            LeverTotal(
                first.lever,
                first.share,
                first.exposed_per_year,
                first.verdict,
                first.money,
                first.own,
                list(contained),
                [finding.id for finding in group],
            )
        )
    return levers
