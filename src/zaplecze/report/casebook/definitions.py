"""The last sheet: what the words mean."""

from zaplecze.language import N_
from zaplecze.report.casebook.model import Model
from zaplecze.report.sheet import Book, Content, Heading

DEFINITIONS = [
    (N_("Net present value"), N_("What all cash in and out is worth on the day of the start, at the discount rate.")),
    (N_("Discount factor"), N_("(1 + rate a year) to the power of −months ÷ 12. The day of the start is not discounted.")),
    (N_("Rate of return"), N_("The rate a year at which the present value is zero. Where there are several, the one nearest to zero.")),
    (N_("Modified rate of return"), N_("The rate a year that money out would have to earn to become what money in has grown to in the end.")),
    (N_("Payback"), N_("Months from which the sum of all cash so far stays at zero or above. Within a month money comes evenly.")),
    (N_("Benefits to costs"), N_("All benefits to all costs, both worth today, before tax.")),
    (N_("Probability of a positive case"), N_("The share of simulated futures whose net present value is above zero.")),
    (N_("Ramp"), N_("Months in which a line climbs straight from nothing to its full amount.")),
    (N_("Due to the project"), N_("The share of a result that would not have come without the project.")),
    (N_("Customers left by lines above"), N_("One customer, one effect: who has been counted on one line is not counted on the next.")),
    (N_("Optimism bias"), N_("Plans of this kind have been too hopeful: put on costs, taken off benefits, in the open.")),
    (N_("Variance"), N_("Actual less plan. Good is less cost or more benefit.")),
]  # fmt: skip


def definitions_sheet(book: Book, model: Model) -> None:
    """Terms and what they mean."""
    sheet = book.sheet(N_("Definitions"), model.words(N_("What the words mean")))
    rows: list[list[Content]] = [[model.words(term), model.words(means)] for term, means in DEFINITIONS]  # fmt: skip
    sheet.table([Heading(N_("Term"), 36), Heading(N_("Meaning"), 100)], rows, sets_widths=True)
