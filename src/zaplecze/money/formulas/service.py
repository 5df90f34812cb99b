"""What service costs: a complaint, a contact, a process, clicks and screens."""

from zaplecze.language import N_
from zaplecze.money.formulas.definition import Formula, Needed, Step

HOURLY_COST = Needed(
    "hourly_cost", N_("Loaded cost of an hour of work"), "money_hour", (1.0, 2_000.0)
)

COMPLAINT = Formula(
    "complaint",
    N_("What a complaint costs"),
    inputs=(
        Needed("minutes", N_("Minutes of work on a complaint, all steps"), "minutes", (2.0, 1_200.0)),
        HOURLY_COST,
        Needed("redress_share", N_("Share of complaints with redress"), "share", default=0.0),
        Needed("redress_amount", N_("Redress where it is paid"), "money", default=0.0),
        Needed("escalation_share", N_("Share of complaints that escalate"), "share", default=0.0),
        Needed("escalation_cost", N_("Cost of an escalation"), "money", default=0.0),
        Needed("repeat_contacts", N_("Further contacts about a complaint"), "count", (0.0, 20.0), 0.0),
        Needed("contact_cost", N_("Cost of a contact"), "money", default=0.0),
        Needed("leaving_share", N_("Share of complainants who leave because of it"), "share", (0.0, 0.6), 0.0),
        Needed("customer_margin", N_("Margin of a customer kept"), "money", default=0.0),
        Needed("volume", N_("Complaints a year"), "count", optional=True),
    ),
    steps=(
        Step("handling", N_("Work"), "money", "minutes / 60 * hourly_cost"),
        Step("redress", N_("Redress"), "money", "redress_share * redress_amount"),
        Step("escalation", N_("Escalations"), "money", "escalation_share * escalation_cost"),
        Step("repeats", N_("Repeat contacts"), "money", "repeat_contacts * contact_cost"),
        Step("margin_at_risk", N_("Margin at risk"), "money", "leaving_share * customer_margin"),
        Step("cost", N_("Cost of a complaint"), "money",
             "handling + redress + escalation + repeats + margin_at_risk"),
        Step("cost_per_year", N_("Cost of complaints a year"), "money_year", "cost * volume"),
    ),
    result="cost",
    source="ISO 10002:2018; J. Goodman (2009), Strategic Customer Service",
    caveat_messages=(
        N_("Who leaves because of a complaint must be measured against customers without one."),
    ),
)  # fmt: skip

CONTACT = Formula(
    "contact",
    N_("What a contact costs"),
    inputs=(
        Needed("minutes", N_("Handling time of a contact, after-work included"), "minutes", (0.3, 90.0)),
        HOURLY_COST,
        Needed("occupancy", N_("Share of staffed time that is busy"), "share", (0.4, 0.95), 0.85),
        Needed("shrinkage", N_("Share of paid time away from contacts"), "share", (0.05, 0.5), 0.3),
        Needed("other_cost", N_("Line, platform and supervision per contact"), "money", default=0.0),
        Needed("resolved_share", N_("Share resolved at the first contact"), "share", (0.2, 1.0), 1.0),
        Needed("volume", N_("Contacts a year"), "count", optional=True),
    ),
    steps=(
        Step("labour", N_("Work"), "money",
             "minutes / 60 * hourly_cost / (occupancy * (1 - shrinkage))"),
        Step("cost", N_("Cost of a contact"), "money", "labour + other_cost"),
        Step("cost_per_resolution", N_("Cost of a matter resolved"), "money", "cost / resolved_share"),
        Step("cost_per_year", N_("Cost of contacts a year"), "money_year", "cost * volume"),
    ),
    result="cost",
    source="B. Cleveland, Call Center Management on Fast Forward",
    caveat_messages=(
        N_("Fewer contacts save this only where fewer people are needed; see the staffing of the line."),
    ),
)  # fmt: skip

PROCESS = Formula(
    "process",
    N_("What minutes in a process are worth"),
    inputs=(
        Needed("minutes", N_("Minutes saved on a step"), "minutes", (0.05, 480.0)),
        Needed("steps", N_("Steps in a case"), "count", (0.1, 100.0), 1.0),
        Needed("volume", N_("Cases a month"), "count", (1.0, 1e9)),
        Needed("paid_hours", N_("Paid hours of a post a month"), "hours", (80.0, 220.0), 168.0),
        Needed("productive_share", N_("Share of paid hours spent on the work"), "share", (0.4, 0.95), 0.7),
        Needed("hourly_cost", N_("Loaded cost of an hour of work"), "money_hour", (1.0, 2_000.0), optional=True),
        Needed("post_cost", N_("Loaded cost of a post a month"), "money_month", (100.0, 1e6), optional=True),
        Needed("posts_given_up", N_("Posts really given up or not filled"), "posts", default=0.0),
    ),
    steps=(
        Step("hours", N_("Time freed a month"), "hours", "minutes * steps * volume / 60"),
        Step("positions", N_("Positions"), "posts", "hours / (paid_hours * productive_share)"),
        Step("usable_posts", N_("Usable capacity: whole posts"), "posts", "floor(positions)"),
        Step("time_value", N_("Value of the time freed, no cash"), "money_month", "hours * hourly_cost"),
        Step("capacity_value", N_("Value of the usable capacity, no cash"), "money_month",
             "usable_posts * post_cost"),
        Step("cash", N_("Cash: posts really given up"), "money_month",
             "min(posts_given_up, usable_posts) * post_cost"),
    ),
    result="positions",
    source="B. Cleveland, Call Center Management on Fast Forward",
    caveat_messages=(
        N_("Minutes freed are no cash until a post, overtime or an agency bill really goes away."),
    ),
)  # fmt: skip

CLICKS = Formula(
    "clicks",
    N_("What clicks and screens cost"),
    inputs=(
        Needed("clicks", N_("Clicks in a case"), "count", (0.0, 2_000.0)),
        Needed("screens", N_("Screens in a case"), "count", (0.0, 300.0), 0.0),
        Needed("keys", N_("Keys typed in a case"), "count", (0.0, 20_000.0), 0.0),
        Needed("click_seconds", N_("Pointing and clicking"), "seconds", (0.3, 5.0), 1.3),
        Needed("key_seconds", N_("Typing a key"), "seconds", (0.08, 1.2), 0.28),
        Needed("think_seconds", N_("Taking in a screen"), "seconds", (0.5, 30.0), 1.35),
        Needed("response_seconds", N_("Waiting for a screen"), "seconds", (0.0, 60.0), 1.0),
        Needed("volume", N_("Cases a month"), "count", (1.0, 1e9)),
        Needed("hourly_cost", N_("Loaded cost of an hour of work"), "money_hour", (1.0, 2_000.0), optional=True),
    ),
    steps=(
        Step("case_seconds", N_("Time at the screen in a case"), "seconds",
             "clicks * click_seconds + keys * key_seconds"
             " + screens * (think_seconds + response_seconds)"),
        Step("hours", N_("Time at the screen a month"), "hours", "case_seconds * volume / 3600"),
        Step("cost", N_("Cost of the time at the screen"), "money_month", "hours * hourly_cost"),
    ),
    result="hours",
    source="S. Card, T. Moran, A. Newell (1980), The keystroke-level model, CACM 23(7)",
    caveat_messages=(
        N_("The times are those of a practised person without errors; beginners take longer."),
    ),
)  # fmt: skip
