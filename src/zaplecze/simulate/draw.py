"""Draw a stretch of the company's orders: who ordered, how the work went, what customers did."""

import functools
from dataclasses import dataclass

import numpy as np

from zaplecze.simulate import company
from zaplecze.simulate.clock import DAY, FIRST, HOUR, in_office_hours, utc
from zaplecze.simulate.company import Background, Floats, Integers, Level, Lever, Truths


@dataclass(frozen=True)
class Stretch:
    """The orders ``first`` to ``first + size - 1`` of ``total``, in the order in which they came."""

    number: int
    first: int
    size: int
    total: int


@dataclass(frozen=True)
class Orders:
    """What is known when an order is placed; codes index the levels of `company`."""

    number: Integers
    customer: Integers
    ordered: Integers
    year: Integers
    month: Integers
    region: Integers
    segment: Integers
    product: Integers
    channel: Integers
    price: Floats
    promised_day: Integers
    temperament: Floats
    background: Background


@dataclass(frozen=True)
class Work:
    """When each step was done (``first_``: the attempt that had to be repeated, where it had).

    ``closed`` is when the last step was done on a clock that never closes: what customers do
    about it comes later. ``exposed`` says of each lever in which orders it is true.
    """

    credit: Integers
    first_contract: Integers
    contract: Integers
    first_account: Integers
    account: Integers
    shipped: Integers
    installed: Integers
    invoice: Integers
    correction: Integers
    closed: Integers
    exposed: dict[Lever, Truths]


@dataclass(frozen=True)
class Response:
    """What customers said and did.

    ``calls`` has a column for calls that nobody caused, then one for each of `company.CAUSES`;
    ``complaint_cause`` counts in the same way.
    """

    answered: Truths
    survey_sent: Integers
    survey_answered: Integers
    satisfaction: Integers
    recommend: Integers
    complained: Truths
    complaint_cause: Integers
    complaint_received: Integers
    calls: Integers
    left: Truths
    left_at: Integers


@dataclass(frozen=True)
class Cases:
    """A stretch of orders from beginning to end; times are seconds on the wall clock."""

    orders: Orders
    work: Work
    response: Response


def draw(stretch: Stretch, seed: int) -> Cases:
    """The orders of STRETCH; the same for the same STRETCH and SEED."""
    random = np.random.default_rng([seed, stretch.number])
    orders, placed = _orders(random, stretch)
    work = _work(random, orders, placed)
    return Cases(orders, work, _response(random, orders, work))


# Orders -------------------------------------------------------------------------------------------


def _orders(random: np.random.Generator, stretch: Stretch) -> tuple[Orders, Integers]:
    """The orders, and when each came on a clock that never closes."""
    size = stretch.size
    placed, year, month = _placed(random, stretch)
    first_order = _first_order_of_customer(random, size)
    region = _levels(random, company.REGIONS, size)[first_order]
    segment = _levels(random, company.SEGMENTS, size)[first_order]
    product = _levels(random, company.PRODUCTS, size)
    business = _weights(company.SEGMENTS)[segment]
    list_price = np.array([level.price for level in company.PRODUCTS])[product]
    fibre = product >= company.FIRST_FIBRE
    number = stretch.first + np.arange(1, size + 1)
    orders = Orders(
        number=number,
        customer=number[first_order],
        ordered=in_office_hours(placed),
        year=year,
        month=month,
        region=region,
        segment=segment,
        product=product,
        channel=_levels(random, company.CHANNELS, size),
        price=np.round(list_price * np.where(business, company.BUSINESS_PRICE_FACTOR, 1.0), 2),
        promised_day=placed // DAY
        + company.PROMISED_DAYS
        + np.where(fibre, company.FIBRE_EXTRA_DAYS, 0),
        temperament=random.uniform(-company.TEMPERAMENT, company.TEMPERAMENT, size)[first_order],
        background=Background(
            remote=_weights(company.REGIONS)[region],
            peak=np.array(company.PEAK_BY_MONTH)[month - 1],
            business=business,
            complexity=_weights(company.PRODUCTS)[product],
            trend=((year - company.FIRST_DAY.year) * 12 + month - 1) / 23,
        ),
    )
    return orders, placed


def _placed(random: np.random.Generator, stretch: Stretch) -> tuple[Integers, Integers, Integers]:
    """When the orders came, earliest first over all stretches, with year and month of each."""
    years, months, upto = _calendar()
    rank = (stretch.first + np.arange(stretch.size) + random.random(stretch.size)) / stretch.total
    day = np.interp(rank * upto[-1], upto, np.arange(len(upto)))
    placed = FIRST * DAY + (day * DAY).astype(np.int64)
    index = np.minimum(day.astype(np.int64), len(years) - 1)
    return placed, years[index], months[index]


@functools.cache
def _calendar() -> tuple[Integers, Integers, Floats]:
    """Year and month of each day, and how much of the orders has come before it."""
    days = np.arange(
        np.datetime64(company.FIRST_DAY), np.datetime64(company.LAST_DAY) + np.timedelta64(1)
    )
    months = days.astype("datetime64[M]").astype(np.int64)
    year, month = 1970 + months // 12, months % 12 + 1
    busy = np.array(company.ORDERS_BY_MONTH)[month - 1]
    return year, month, np.concatenate([[0.0], np.cumsum(busy)])


def _first_order_of_customer(random: np.random.Generator, size: int) -> Integers:
    """For each order the position of its customer's first one: its own, or an earlier one's."""
    returning = random.random(size) < company.RETURNING_CUSTOMERS
    returning[0] = False
    newcomers = np.flatnonzero(~returning)
    come_before: Integers = np.cumsum(~returning) - ~returning
    choice = newcomers[(random.random(size) * come_before).astype(np.int64)]
    return np.where(returning, choice, np.arange(size))


def _levels(random: np.random.Generator, levels: tuple[Level, ...], size: int) -> Integers:
    upto = np.cumsum([level.share for level in levels])[:-1]
    return np.searchsorted(upto, random.random(size), side="right")


def _weights(levels: tuple[Level, ...]) -> Floats:
    return np.array([level.weight for level in levels])


# Work ---------------------------------------------------------------------------------------------


def _work(random: np.random.Generator, orders: Orders, placed: Integers) -> Work:
    """The steps, one after the other. A repetition happens within the time of its step."""
    known, size = orders.background, len(placed)

    def after(moment: Integers, hours: Floats) -> Integers:
        return moment + (hours * HOUR).astype(np.int64)

    def between(earlier: Integers, later: Integers) -> Integers:
        return earlier + ((later - earlier) * random.uniform(0.35, 0.65, size)).astype(np.int64)

    def happens(chance: company.Predictor) -> Truths:
        return random.random(size) < chance.of(known)

    credit = after(placed, _credit_hours(random, known))
    contract = after(placed, company.CONTRACT_TIME.draw(random, known))
    account = after(contract, company.ACCOUNT_TIME.draw(random, known))
    shipped = after(account, company.SHIPPING_TIME.draw(random, known))
    installed = after(shipped, company.INSTALLATION_TIME.draw(random, known))
    invoice = after(installed, random.uniform(20, 70, size))
    correction = after(invoice, random.uniform(10, 48, size))
    corrected = happens(company.INVOICE_CORRECTED)
    credit_done = in_office_hours(credit)
    return Work(
        credit=credit_done,
        first_contract=in_office_hours(between(credit, contract)),
        contract=in_office_hours(contract),
        first_account=in_office_hours(between(contract, account)),
        account=in_office_hours(account),
        shipped=_to_the_minute(in_office_hours(shipped)),
        installed=_to_the_minute(in_office_hours(installed)),
        invoice=in_office_hours(invoice),
        correction=in_office_hours(correction),
        closed=np.where(corrected, correction, invoice),
        exposed={
            company.PROMISE: installed // DAY > orders.promised_day,
            company.ACCOUNT: happens(company.ACCOUNT_REPEATED),
            company.INVOICE: corrected,
            company.CREDIT: utc(credit_done) - utc(orders.ordered)
            > company.TARGET_HOURS["Credit check"] * HOUR,
            company.CONTRACT: happens(company.CONTRACT_REPEATED),
        },
    )


def _credit_hours(random: np.random.Generator, known: Background) -> Floats:
    """Within a day, or late by up to fourteen hours."""
    late = random.random(len(known.remote)) < company.CREDIT_LATE.of(known)
    in_time = 3 + 21 * random.beta(1.6, 2.2, len(late))
    return np.where(late, 24.01 + 14 * random.beta(1.2, 2.5, len(late)), in_time)


def _to_the_minute(moment: Integers) -> Integers:
    """As precisely as the logistics system writes it."""
    return moment // 60 * 60


# Response -----------------------------------------------------------------------------------------


def _response(random: np.random.Generator, orders: Orders, work: Work) -> Response:
    """What customers said and did, all of it after the last step of their order."""
    size = len(orders.number)
    satisfaction = _satisfaction(random, orders, work)
    base = company.OUTCOMES["complaint"].of(orders.background)
    upto = np.cumsum([base, *_caused(work, "complaint")], axis=0)
    fate = random.random(size)
    base = company.OUTCOMES["calls"].of(orders.background)
    survey_day = work.installed // DAY + company.SURVEY_AFTER_DAYS
    survey_sent = survey_day * DAY + 4 * HOUR
    return Response(
        answered=random.random(size) < company.ANSWERED.of(orders.background),
        survey_sent=in_office_hours(survey_sent),
        survey_answered=in_office_hours(
            survey_sent + (6 * DAY * random.beta(1.0, 4.0, size)).astype(np.int64)
        ),
        satisfaction=satisfaction,
        recommend=_recommend(random, satisfaction),
        complained=fate < upto[-1],
        complaint_cause=(fate >= upto[:-1]).sum(axis=0),
        complaint_received=in_office_hours(
            work.closed + HOUR + (25 * DAY * random.beta(1.2, 4.0, size)).astype(np.int64)
        ),
        calls=random.poisson(np.array([base, *_caused(work, "calls")])).T,
        left=random.random(size) < predicted(orders.background, work.exposed, "churn"),
        left_at=in_office_hours(
            work.installed
            + (DAY * random.uniform(20, company.CHURN_DAYS - 1, size)).astype(np.int64)
        ),
    )


def predicted(known: Background, exposed: dict[Lever, Truths], outcome: str) -> Floats:
    """The exact mean of OUTCOME, given what is known and which levers are true."""
    base = company.OUTCOMES[outcome].of(known)
    return base + sum(lever.effect(outcome) * exposed[lever] for lever in company.LEVERS)


def _caused(work: Work, outcome: str) -> list[Floats]:
    """What each cause adds to OUTCOME of each order."""
    return [np.where(work.exposed[lever], lever.effect(outcome), 0.0) for lever in company.CAUSES]


def _satisfaction(random: np.random.Generator, orders: Orders, work: Work) -> Integers:
    """Whole points from 1 to 5 whose mean is exactly the predicted one.

    A beta distribution on the scale has that mean and never leaves it; rounding up with a chance
    of the fraction keeps it.
    """
    mean = predicted(orders.background, work.exposed, "satisfaction") + orders.temperament
    share = (mean - 1) / 4
    latent = 1 + 4 * random.beta(share * company.AGREEMENT, (1 - share) * company.AGREEMENT)
    return np.floor(latent + random.random(len(mean))).astype(np.int64)


def _recommend(random: np.random.Generator, satisfaction: Integers) -> Integers:
    """Would you recommend us, 0 to 10: follows satisfaction, loosely."""
    wish = 2.2 * satisfaction - 1.3 + random.normal(0, 1.2, len(satisfaction))
    return np.clip(np.rint(wish), 0, 10).astype(np.int64)
