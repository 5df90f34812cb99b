"""The public orders: a broken promise, two levers whose harm runs through it, and two doubts."""

from dataclasses import replace

from tests.report.building import RAW, bands, by_lever, cost, effect, total_of

from zaplecze.impact.finding import (
    Benchmark,
    Estimate,
    Finding,
    Findings,
    LeverName,
    Part,
    Refused,
    Robustness,
    Summary,
)
from zaplecze.language import Text
from zaplecze.process import Activity, Edge, ProcessGraph, Spread, Terminal

ORDERS = Text(en="orders", pl="zamówień", uk="замовлень")
DELIVERY = Text(en="Delivery", pl="Dostawa", uk="Доставка")
HAND_OVER = Text(
    en="Hand-over to the carrier", pl="Przekazanie przewoźnikowi", uk="Передання перевізнику"
)
APPROVAL = Text(en="Payment approval", pl="Akceptacja płatności", uk="Підтвердження оплати")
CARRIER = Text(en="Carrier", pl="Przewoźnik", uk="Перевізник")
SELLER = Text(en="Seller", pl="Sprzedawca", uk="Продавець")
FINANCE = Text(en="Finance", pl="Finanse", uk="Фінанси")
REVIEW = Text(en="Review score", pl="Ocena zamówienia", uk="Оцінка замовлення")
NOT_AN_EXPERIMENT = Text(
    en="Not an experiment: what nobody recorded is not held equal.",
    pl="To nie eksperyment: tego, czego nikt nie zapisał, nie da się wyrównać.",
    uk="Це не експеримент: того, чого ніхто не записав, вирівняти не можна.",
)


def orders() -> Findings:
    """All of them, with a variable that may not explain."""
    listed = [
        late_delivery(),
        slow_delivery(),
        late_hand_over(),
        late_approval(),
        several_sellers(),
    ]
    return Findings(
        summary(),
        listed,
        [
            Refused(
                "answer_days",
                Text(en="days until the review was answered", pl="dni do odpowiedzi na ocenę", uk="дні до відповіді на оцінку"),
                "score",
                Text(
                    en="Known only at the end of the case, so it cannot explain what came before.",
                    pl="Znane dopiero na końcu sprawy, więc nie może wyjaśniać tego, co było wcześniej.",
                    uk="Стає відомим лише наприкінці справи, тож не може пояснювати те, що було раніше.",
                ),
            )
        ],
        total_of(listed),
        by_lever(listed),
    )  # fmt: skip


def late_delivery() -> Finding:
    low_answers = effect(0.532, 0.503, 0.561)
    money = cost(1_021, low_answers, 22_800, 58_900)
    return Finding(
        id="promise:delivered → score",
        lever=LeverName(
            "promise:delivered",
            Text(
                en="Delivery: later than promised",
                pl="Dostawa: później, niż obiecano",
                uk="Доставка: пізніше, ніж обіцяно",
            ),
            "promise",
            "delivered",
            DELIVERY,
            "carrier",
            CARRIER,
        ),
        outcome="score",
        outcome_label=REVIEW,
        outcome_kind="rating",
        higher_is_better=True,
        noun=ORDERS,
        n=15_063,
        exposed=1_152,
        share=0.07648,
        exposed_per_year=1_021.0,
        means=(2.17, 4.28),
        raw=Estimate(-2.11, (-2.21, -2.02), 15_063, RAW),
        effect=effect(-2.05, -2.13, -1.97),
        robustness=Robustness(
            0.361,
            0.352,
            Benchmark("freight", Text(en="freight", pl="koszt przesyłki", uk="вартість доставки"), 0.002, 0.011),
            Text(
                en="Something unmeasured would have to explain 36.1 % of what is left of both the work and the outcome to bring this to zero.",
                pl="Coś niezmierzonego musiałoby wyjaśniać 36,1 % pozostałej zmienności pracy i wyniku, żeby sprowadzić różnicę do zera.",
                uk="Щось невиміряне мало б пояснювати 36,1 % решти мінливості роботи й результату, щоб звести різницю до нуля.",
            ),
        ),
        verdict="yes",
        reason=None,
        dose=bands(
            ("up to 1 d", "do 1 d", "до 1 д", -0.62, -0.83, -0.41, 171),
            ("1–3 d", "1–3 d", "1–3 д", -1.31, -1.52, -1.10, 204),
            ("3–7 d", "3–7 d", "3–7 д", -2.24, -2.40, -2.08, 312),
            ("7–14 d", "7–14 d", "7–14 д", -2.68, -2.82, -2.54, 290),
            ("more than 14 d", "ponad 14 d", "понад 14 д", -2.71, -2.88, -2.54, 175),
        ),
        parts=[
            Part("delivered", DELIVERY, "carrier", CARRIER, 0.744, (0.721, 0.767), 857.1),
            Part("carrier", HAND_OVER, "seller", SELLER, 0.219, (0.197, 0.241), 252.3),
            Part("approved", APPROVAL, "finance", FINANCE, 0.037, (0.029, 0.045), 42.6),
        ],
        caveats=[NOT_AN_EXPERIMENT],
        priced=low_answers,
        money=money,
        own=money,
    )  # fmt: skip


def late_hand_over() -> Finding:
    low_answers, direct = effect(0.118, 0.093, 0.143), effect(0.031, 0.009, 0.053)
    return replace(
        late_delivery(),
        id="late:carrier → score",
        lever=LeverName(
            "late:carrier",
            Text(
                en="Hand-over to the carrier: after its deadline",
                pl="Przekazanie przewoźnikowi: po terminie",
                uk="Передання перевізнику: після терміну",
            ),
            "late",
            "carrier",
            HAND_OVER,
            "seller",
            SELLER,
        ),
        n=15_040,
        exposed=1_419,
        share=0.09435,
        exposed_per_year=1_257.0,
        means=(3.55, 4.18),
        raw=Estimate(-0.63, (-0.72, -0.55), 15_040, RAW),
        effect=effect(-0.50, -0.58, -0.42, 15_040),
        dose=bands(
            ("up to 1 d", "do 1 d", "до 1 д", -0.21, -0.33, -0.09, 522),
            ("1–3 d", "1–3 d", "1–3 д", -0.44, -0.58, -0.30, 431),
            ("more than 3 d", "ponad 3 d", "понад 3 д", -0.93, -1.07, -0.79, 466),
        ),
        parts=[],
        priced=low_answers,
        direct=direct,
        money=cost(1_257, low_answers, 5_600, 17_100),
        own=cost(1_257, direct, 800, 5_600),
        counted_in=["promise:delivered → score"],
    )


def slow_delivery() -> Finding:
    low_answers = effect(0.402, 0.380, 0.424)
    return replace(
        late_delivery(),
        id="slow:delivered → score",
        lever=LeverName(
            "slow:delivered",
            Text(
                en="Delivery: slower than the promise allows",
                pl="Dostawa: wolniej, niż pozwala obietnica",
                uk="Доставка: повільніше, ніж дозволяє обіцянка",
            ),
            "slow",
            "delivered",
            DELIVERY,
            "carrier",
            CARRIER,
        ),
        exposed=1_090,
        share=0.07236,
        exposed_per_year=966.0,
        means=(2.41, 4.25),
        raw=Estimate(-1.84, (-1.94, -1.75), 15_063, RAW),
        effect=effect(-1.72, -1.81, -1.63),
        dose=[],
        parts=[],
        priced=low_answers,
        direct=effect(0.002, -0.031, 0.035),
        money=cost(966, low_answers, 16_200, 42_100),
        own=None,
        counted_in=["promise:delivered → score"],
    )


def late_approval() -> Finding:
    return replace(
        late_delivery(),
        id="late:approved → score",
        lever=LeverName(
            "late:approved",
            Text(
                en="Payment approval: later than its target of 2.0 d",
                pl="Akceptacja płatności: później niż cel 2,0 d",
                uk="Підтвердження оплати: пізніше за ціль 2,0 д",
            ),
            "late",
            "approved",
            APPROVAL,
            "finance",
            FINANCE,
        ),
        n=15_061,
        exposed=1_203,
        share=0.07988,
        exposed_per_year=1_066.0,
        means=(4.09, 4.12),
        raw=Estimate(-0.03, (-0.11, 0.05), 15_061, RAW),
        effect=effect(0.01, -0.07, 0.09, 15_061),
        robustness=None,
        verdict="no",
        reason=Text(
            en="The whole interval is smaller than a tenth of the outcome's usual spread.",
            pl="Cały przedział jest mniejszy niż jedna dziesiąta zwykłego rozrzutu wyniku.",
            uk="Увесь інтервал менший за десяту частину звичайного розкиду результату.",
        ),
        dose=[],
        parts=[],
        priced=None,
        money=None,
        own=None,
        counted_in=[],
    )


def several_sellers() -> Finding:
    return replace(
        late_approval(),
        id="several_sellers → score",
        lever=LeverName(
            "several_sellers",
            Text(
                en="Sellers in one order: at least 3",
                pl="Sprzedawcy w zamówieniu: co najmniej 3",
                uk="Продавці в замовленні: щонайменше 3",
            ),
            "attribute",
            "",
            Text.same(""),
            "",
            Text.same(""),
        ),
        n=15_063,
        exposed=12,
        share=0.0008,
        exposed_per_year=11.0,
        means=(2.83, 4.12),
        raw=Estimate(-1.29, (-2.10, -0.48), 15_063, RAW),
        effect=None,
        verdict="cannot tell",
        reason=Text(
            en="Only 12 cases with it and 15,051 without: too few (at least 30).",
            pl="Tylko 12 spraw z tą cechą i 15 051 bez niej: za mało (potrzeba co najmniej 30).",
            uk="Лише 12 справ із цією ознакою і 15 051 без неї: замало (потрібно щонайменше 30).",
        ),
    )


def summary() -> Summary:
    return Summary(
        name=Text(en="Olist marketplace orders", pl="Zamówienia w Olist", uk="Замовлення в Olist"),
        currency="BRL",
        time_zone="America/Sao_Paulo",
        language="en",
        noun=ORDERS,
        cases=15_641,
        events=61_204,
        start="2016-09-15T12:16:38+00:00",
        end="2018-08-17T00:07:12+00:00",
        created="2026-03-05T09:30:00+00:00",
        version="0.1.0",
        refused_rows=[
            {"source": "orders", "reason": "no_time", "rows": 1_337},
            {"source": "reviews", "reason": "duplicate_key", "rows": 114},
        ],
        rows_read={"orders": 15_641, "items": 17_696, "reviews": 15_642},
        sample=True,
        warnings=[
            Text(
                en="The step 'Returned' never occurs in the log.",
                pl="Krok „Returned” nie występuje w dzienniku.",
                uk="Крок «Returned» не трапляється в журналі.",
            )
        ],
    )


def way() -> ProcessGraph:
    """The way of an order: bought, approved, handed over, delivered."""
    purchase = Text(en="Purchase", pl="Zakup", uk="Купівля")
    wait = Spread(108_000.0, 72_000.0, 324_000.0, 1.6e9)
    return ProcessGraph(
        Text.same("Olist"),
        15_641,
        61_204,
        [
            Activity("purchase", purchase, 15_641, 15_641),
            Activity("approved", APPROVAL, 15_630, 15_630, "finance", FINANCE),
            Activity("carrier", HAND_OVER, 15_400, 15_400, "seller", SELLER),
            Activity("delivered", DELIVERY, 15_100, 15_100, "carrier", CARRIER),
        ],
        [
            Edge("purchase", "approved", 15_600, 15_600, wait),
            Edge("approved", "carrier", 15_200, 15_200, wait),
            Edge("carrier", "delivered", 15_000, 15_000, wait),
        ],
        [Terminal("purchase", 15_641)],
        [Terminal("delivered", 15_100)],
    )
