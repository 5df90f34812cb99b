"""What people's comings, goings and learning cost: turnover, recruitment, workstation, training."""

from zaplecze.language import N_
from zaplecze.money.formulas.definition import Formula, Needed, Step
from zaplecze.money.formulas.service import HOURLY_COST

TURNOVER = Formula(
    "turnover",
    N_("What it costs when somebody leaves"),
    inputs=(
        Needed("monthly_cost", N_("Loaded cost of the post a month"), "money_month", (100.0, 1e6)),
        Needed("separation_cost", N_("Separation: notice, pay-out, paperwork"), "money", default=0.0),
        Needed("vacancy_weeks", N_("Weeks until the post is filled"), "weeks", (0.0, 52.0), 0.0),
        Needed("cover_cost", N_("Covering the empty post a week: overtime, agency"), "money_week", default=0.0),
        Needed("saved_share", N_("Share of pay saved while the post is empty"), "share", default=1.0),
        Needed("recruitment_cost", N_("Recruitment"), "money", default=0.0),
        Needed("workstation_cost", N_("Workstation, licences, access"), "money", default=0.0),
        Needed("training_weeks", N_("Weeks of training before any work"), "weeks", (0.0, 52.0), 0.0),
        Needed("trainer_cost", N_("Trainer and seat"), "money", default=0.0),
        Needed("ramp_months", N_("Months until fully proficient"), "months", (0.0, 36.0), 0.0),
        Needed("start_proficiency", N_("Proficiency at the start of work"), "share", default=0.0),
        Needed("ramp_shape", N_("Shape of learning: 1 steady, below 1 quick at first"), "ratio", (0.2, 5.0), 1.0),
        Needed("extra_errors", N_("Errors and repeats more than usual until proficient"), "count", default=0.0),
        Needed("error_cost", N_("Cost of an error"), "money", default=0.0),
        Needed("leavers", N_("Leavers a year"), "count", optional=True),
    ),
    steps=(
        Step("vacancy", N_("Vacancy, less the pay saved"), "money",
             "vacancy_weeks * (cover_cost - saved_share * monthly_cost * 12 / 52)"),
        Step("training", N_("Training"), "money",
             "training_weeks * monthly_cost * 12 / 52 + trainer_cost"),
        Step("months_lost", N_("Months of work lost while learning"), "months",
             "ramp_months * (1 - start_proficiency) * ramp_shape / (ramp_shape + 1)"),
        Step("ramp", N_("Learning on the job"), "money", "months_lost * monthly_cost"),
        Step("quality", N_("Loss of quality"), "money", "extra_errors * error_cost"),
        Step("cost", N_("Cost of one leaver"), "money",
             "separation_cost + vacancy + recruitment_cost + workstation_cost"
             " + training + ramp + quality"),
        Step("pay_share", N_("Cost of one leaver in years of pay"), "ratio", "cost / (monthly_cost * 12)"),
        Step("cost_per_year", N_("Cost of leavers a year"), "money_year", "cost * leavers"),
    ),
    result="cost",
    source="W. Cascio, J. Boudreau (2011), Investing in People",
    caveat_messages=(
        N_("Proficiency rises from its start to one along a power curve; give measured months "
           "instead where you have them."),
    ),
)  # fmt: skip

RECRUITMENT = Formula(
    "recruitment",
    N_("What a hire that lasts costs"),
    inputs=(
        Needed("external_cost", N_("Adverts, agencies, tests"), "money", default=0.0),
        Needed("internal_hours", N_("Hours of own people"), "hours", default=0.0),
        HOURLY_COST,
        Needed("hires", N_("Hires"), "count", (1.0, 1e6)),
        Needed("stayed_share", N_("Share still here after 90 days"), "share", (0.2, 1.0), 1.0),
        Needed("proficient_share", N_("Share of those who reach the target"), "share", (0.2, 1.0), 1.0),
        Needed("first_year_pay", N_("Pay of the first year"), "money_year", optional=True),
    ),
    steps=(
        Step("total", N_("Cost of recruiting"), "money", "external_cost + internal_hours * hourly_cost"),
        Step("cost_per_hire", N_("Cost per hire"), "money", "total / hires"),
        Step("quality", N_("Quality of hire: stayed and proficient"), "share",
             "stayed_share * proficient_share"),
        Step("cost_per_lasting_hire", N_("Cost per hire that lasts"), "money", "cost_per_hire / quality"),
        Step("hire_cost_ratio", N_("Cost per hire to pay of the first year"), "ratio",
             "cost_per_hire / first_year_pay"),
    ),
    result="cost_per_lasting_hire",
    source="ISO/TS 30407:2017, Cost-per-hire",
)  # fmt: skip

WORKSTATION = Formula(
    "workstation",
    N_("What a workstation that is not ready costs"),
    inputs=(
        Needed("starters", N_("Starters a year"), "count", (1.0, 1e6)),
        Needed("late_share", N_("Share without workstation or access at the start"), "share"),
        Needed("late_hours", N_("Working hours until it is ready"), "hours", (0.25, 400.0)),
        HOURLY_COST,
        Needed("productive_share", N_("Share of the work that can be done without"), "share", default=0.0),
    ),
    steps=(
        Step("hours_lost", N_("Hours lost a year"), "hours",
             "starters * late_share * late_hours * (1 - productive_share)"),
        Step("cost", N_("Cost of waiting a year"), "money_year", "hours_lost * hourly_cost"),
    ),
    result="cost",
    source="ISO 30414:2018",
)  # fmt: skip

TRAINING = Formula(
    "training",
    N_("What training returns"),
    inputs=(
        Needed("participants", N_("Participants"), "count", (1.0, 1e6)),
        Needed("hours", N_("Hours of training a person"), "hours", (0.25, 400.0)),
        HOURLY_COST,
        Needed("provider_cost", N_("Trainer, material, room"), "money", default=0.0),
        Needed("learned_share", N_("Level 2: share who passed"), "share", default=1.0),
        Needed("applied_share", N_("Level 3: share of those who apply it"), "share", default=1.0),
        Needed("gain", N_("Level 4: result a year of one who applies it"), "money_year"),
        Needed("attribution", N_("Share of the result that is due to it"), "share"),
    ),
    steps=(
        Step("cost", N_("Cost of the training"), "money",
             "provider_cost + participants * hours * hourly_cost"),
        Step("appliers", N_("People who apply it"), "count",
             "participants * learned_share * applied_share"),
        Step("benefit", N_("Result a year"), "money_year", "appliers * gain * attribution"),
        Step("net", N_("Result less cost"), "money", "benefit - cost"),
        Step("roi", N_("Level 5: return on the cost"), "ratio", "net / cost"),
    ),
    result="roi",
    source="D. Kirkpatrick (1959); J. Phillips (1997), Return on Investment in Training",
    caveat_messages=(
        N_("The result counts against people without the training, or the share due to it is a guess."),
    ),
)  # fmt: skip
