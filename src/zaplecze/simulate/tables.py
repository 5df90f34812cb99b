"""Cases as the tables of the systems that would have recorded them."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from zaplecze.simulate import company, words
from zaplecze.simulate.clock import DAY, HOUR, in_office_hours, utc
from zaplecze.simulate.company import ACCOUNT, CONTRACT, INVOICE, Integers, Truths
from zaplecze.simulate.draw import Cases
from zaplecze.simulate.lines import (
    Column,
    Table,
    choice,
    day,
    key,
    moment,
    moment_to_the_minute,
    number,
    repeated,
    where,
)
from zaplecze.simulate.staff import Staff

CALLS_WITHIN_DAYS = 60
COMMENTED = 0.3
"""The share of answers with a comment."""


def orders(cases: Cases, order_ids: Column) -> Table:
    """The shop's orders, a row each."""
    placed = cases.orders
    return {
        "order_id": order_ids,
        "customer_id": key("C", placed.customer),
        "ordered_at": moment(placed.ordered),
        "promised_day": day(placed.promised_day),
        "year": number(placed.year),
        "month": number(placed.month),
        "region": choice(placed.region, [level.name for level in company.REGIONS]),
        "segment": choice(placed.segment, [level.name for level in company.SEGMENTS]),
        "product": choice(placed.product, [level.name for level in company.PRODUCTS]),
        "channel": choice(placed.channel, [level.name for level in company.CHANNELS]),
        "price": _hundredths(np.rint(placed.price * 100).astype(np.int64), "."),
    }


@dataclass(frozen=True)
class _Activity:
    """One activity of the workflow system over all orders."""

    name: str
    department: str
    done: Integers
    minutes: tuple[int, int]
    """Shortest and longest time of the work itself."""
    happens: Truths | None = None


def process_events(
    random: np.random.Generator, cases: Cases, order_ids: Column, staff: Staff
) -> Table:
    """The workflow system's log, a row for each piece of work, in Universal Time."""
    activities = _activities(cases)
    parts = [_pieces_of_work(random, activity, staff) for activity in activities]
    rows, starts, ends, people = (np.concatenate(part) for part in zip(*parts, strict=True))
    codes = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    order = np.argsort(ends, kind="stable")
    row, code = rows[order], codes[order]
    return {
        "event_id": number(cases.orders.number[row] * 10 + code),
        "order_id": repeated(order_ids, row),
        "activity": choice(code, [activity.name for activity in activities]),
        "started_at": moment(utc(starts[order])),
        "finished_at": moment(utc(ends[order])),
        "employee": choice(people[order], staff.names),
        "department": choice(code, [activity.department for activity in activities]),
    }


def _pieces_of_work(
    random: np.random.Generator, activity: _Activity, staff: Staff
) -> tuple[Integers, Integers, Integers, Integers]:
    """Orders, beginnings, ends and people of one activity."""
    rows = np.arange(len(activity.done))
    if activity.happens is not None:
        rows = rows[activity.happens]
    done = activity.done[rows]
    begun = done - 60 * random.integers(*activity.minutes, len(rows))
    return rows, begun, done, staff.who(random, activity.department, done)


def _activities(cases: Cases) -> list[_Activity]:
    work = cases.work
    contract, account = work.exposed[CONTRACT], work.exposed[ACCOUNT]
    return [
        _Activity("Credit check", "Finance", work.credit, (8, 25)),
        _Activity("Contract prepared", "Legal", work.first_contract, (25, 55), contract),
        _Activity("Contract prepared", "Legal", work.contract, (25, 55)),
        _Activity("Account set up", "IT", work.first_account, (15, 40), account),
        _Activity("Account set up", "IT", work.account, (15, 40)),
        _Activity("First invoice", "Finance", work.invoice, (4, 10)),
        _Activity("Invoice corrected", "Finance", work.correction, (15, 35), work.exposed[INVOICE]),
    ]


def shipping(random: np.random.Generator, cases: Cases, order_ids: Column, staff: Staff) -> Table:
    """The logistics system's deliveries: a row an order, dates and decimals the Polish way."""
    work, names = cases.work, staff.names
    return {
        "order_id": order_ids,
        "equipment_shipped_at": moment_to_the_minute(work.shipped),
        "packed_by": choice(staff.who(random, "Logistics", work.shipped), names),
        "weight_kg": _hundredths(random.integers(80, 640, len(order_ids)), ","),
        "installed_at": moment_to_the_minute(work.installed),
        "technician": choice(staff.who(random, "Field service", work.installed), names),
    }


def calls(random: np.random.Generator, cases: Cases, order_ids: Column) -> Table:
    """The contact centre's calls, a row each."""
    counts = cases.response.calls
    row, cause = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1])
    days = CALLS_WITHIN_DAYS * random.beta(1.0, 5.0, len(row))
    called = in_office_hours(cases.work.closed[row] + HOUR + (DAY * days).astype(np.int64))
    reason = np.where(cause == 0, random.integers(0, len(words.CALL_REASONS), len(row)), cause + 2)
    turn = np.arange(len(row)) - np.searchsorted(row, row)
    order = np.argsort(called, kind="stable")
    return {
        "call_id": number((cases.orders.number[row] * 100 + turn)[order]),
        "order_id": repeated(order_ids, row[order]),
        "customer_id": key("C", cases.orders.customer[row[order]]),
        "called_at": moment(called[order]),
        "reason": choice(reason[order], words.CALL_REASONS + words.CAUSED_REASONS),
        "minutes": number(2 + random.poisson(7, len(row))),
    }


def complaints(random: np.random.Generator, cases: Cases, order_ids: Column) -> Table:
    """The register of complaints."""
    response = cases.response
    row = np.flatnonzero(response.complained)
    row = row[np.argsort(response.complaint_received[row], kind="stable")]
    return {
        "complaint_id": key("R", cases.orders.number[row]),
        "order_id": repeated(order_ids, row),
        "received_at": moment(response.complaint_received[row]),
        "reason": choice(
            response.complaint_cause[row], (words.COMPLAINT_REASON, *words.CAUSED_REASONS)
        ),
        "redress": _hundredths(random.integers(8, 29, len(row)) * 500, "."),
    }


def surveys(random: np.random.Generator, cases: Cases, order_ids: Column) -> Table:
    """The survey tool's invitations; those without an answer have no rating."""
    response = cases.response
    answered, size = response.answered, len(order_ids)
    kind = _comment_kind(random, cases)
    comments = [comment for group in words.COMMENTS for comment in group]
    variants = len(words.COMMENTS[0])
    comment = choice(kind * variants + random.integers(0, variants, size), comments)
    return {
        "order_id": order_ids,
        "sent_at": moment(response.survey_sent),
        "answered_at": where(answered, moment(response.survey_answered)),
        "satisfaction": where(answered, number(response.satisfaction)),
        "recommend": where(answered, number(response.recommend)),
        "comment": where(answered & (random.random(size) < COMMENTED), comment),
    }


def _comment_kind(random: np.random.Generator, cases: Cases) -> Integers:
    """What a comment would be about: one of the causes, else how pleased the customer is."""
    satisfaction, exposed = cases.response.satisfaction, cases.work.exposed
    mood = np.select(
        [satisfaction >= 4, satisfaction == 3],
        [words.PLEASED, words.INDIFFERENT],
        words.DISPLEASED,
    )
    troubled = [exposed[lever] & (satisfaction <= 4) for lever in company.CAUSES]
    about = np.select(troubled, range(3, 3 + len(troubled)), mood)
    return np.where(random.random(len(mood)) < 0.8, about, mood)


def _hundredths(values: Integers, mark: str) -> Column:
    """VALUES divided by a hundred, with two decimals after MARK."""
    cents = pc.utf8_lpad(number(values % 100), 2, "0")
    return pc.binary_join_element_wise(number(values // 100), cents, mark)
