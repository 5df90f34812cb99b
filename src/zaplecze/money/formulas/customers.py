"""What customers kept, sold to and sent by others are worth, each counted once."""

from zaplecze.language import N_
from zaplecze.money.formulas.definition import Formula, Needed, Step

ATTRIBUTION = Needed("attribution", N_("Share of the result that is due to it"), "share")
REACHED = Needed("reached_share", N_("Share of them that the offer reaches"), "share", default=1.0)
OFFER_COST = Needed("offer_cost", N_("Cost of an offer"), "money", default=0.0)

CHURN = Formula(
    "churn",
    N_("What customers kept are worth"),
    inputs=(
        Needed("margin", N_("Margin of a customer a year"), "money_year"),
        Needed("retention", N_("Share of customers who stay a year"), "share", (0.2, 0.99)),
        Needed("discount", N_("Discount rate a year"), "share", (0.0, 0.3), 0.1),
        Needed("customers", N_("Customers who met the problem in a year"), "count", optional=True),
        Needed("leaving_share", N_("Share of them who leave because of it"), "share", (0.0, 0.6), optional=True),
        Needed("attribution", N_("Share of the result that is due to it"), "share", default=1.0),
    ),
    steps=(
        Step("customer_value", N_("Value of a customer kept"), "money",
             "margin * retention / (1 + discount - retention)"),
        Step("customers_lost", N_("Customers lost a year"), "count",
             "customers * leaving_share * attribution"),
        Step("margin_at_risk", N_("Value lost with them"), "money_year", "customers_lost * customer_value"),
    ),
    result="customer_value",
    source="S. Gupta, D. Lehmann (2003), Customers as assets, Journal of Interactive Marketing 17(1)",
    caveat_messages=(
        N_("For contracts: who leaves is known, and margin and retention stay as they are."),
    ),
)  # fmt: skip

UPSELL = Formula(
    "upsell",
    N_("What a better product sold is worth"),
    inputs=(
        Needed("customers", N_("Customers"), "count", (1.0, 1e9)),
        REACHED,
        Needed("uptake", N_("Share more of those reached who take it"), "share", (0.0, 0.3)),
        Needed("margin", N_("More margin a year from one who does"), "money_year"),
        OFFER_COST,
        ATTRIBUTION,
    ),
    steps=(
        Step("takers", N_("Customers who take it"), "count", "customers * reached_share * uptake"),
        Step("offers", N_("Cost of the offers"), "money_year", "customers * reached_share * offer_cost"),
        Step("value", N_("Worth a year"), "money_year", "takers * margin * attribution - offers"),
    ),
    result="value",
    source="XM Institute, ROI of Customer Experience",
    caveat_messages=(
        N_("One customer, one effect: set overlapping effects against each other with 'overlap'."),
    ),
)  # fmt: skip

CROSS_SELL = Formula(
    "cross-sell",
    N_("What a further product sold is worth"),
    inputs=(
        Needed("customers", N_("Customers"), "count", (1.0, 1e9)),
        REACHED,
        Needed("uptake", N_("Share more of those reached who take it"), "share", (0.0, 0.3)),
        Needed("margin", N_("Margin a year of the further product"), "money_year"),
        Needed("replaced_share", N_("Share that only replaces what was bought before"), "share", default=0.0),
        OFFER_COST,
        ATTRIBUTION,
    ),
    steps=(
        Step("takers", N_("Customers who take it"), "count", "customers * reached_share * uptake"),
        Step("offers", N_("Cost of the offers"), "money_year", "customers * reached_share * offer_cost"),
        Step("value", N_("Worth a year"), "money_year",
             "takers * margin * (1 - replaced_share) * attribution - offers"),
    ),
    result="value",
    source="XM Institute, ROI of Customer Experience",
    caveat_messages=(
        N_("One customer, one effect: set overlapping effects against each other with 'overlap'."),
    ),
)  # fmt: skip

REFERRAL = Formula(
    "referral",
    N_("What recommendations are worth"),
    inputs=(
        Needed("customers", N_("Customers"), "count", (1.0, 1e9)),
        Needed("recommending_share", N_("Share more of them who recommend"), "share", (0.0, 0.4)),
        Needed("told", N_("People each of them tells"), "count", (0.0, 20.0)),
        Needed("conversion", N_("Share of those told who become customers"), "share", (0.0, 0.3)),
        Needed("new_customer_value", N_("Value of a new customer"), "money"),
        Needed("acquisition_saved", N_("Cost of winning a customer that is saved"), "money", default=0.0),
        Needed("reward", N_("Reward for a recommendation"), "money", default=0.0),
        ATTRIBUTION,
    ),
    steps=(
        Step("new_customers", N_("New customers"), "count",
             "customers * recommending_share * told * conversion"),
        Step("value", N_("Worth a year"), "money_year",
             "new_customers * ((new_customer_value + acquisition_saved) * attribution - reward)"),
    ),
    result="value",
    source="V. Kumar, J. Petersen, R. Leone (2007), How valuable is word of mouth?, HBR 85(10)",
    caveat_messages=(
        N_("Saying that one would recommend is not recommending: count those who did."),
    ),
)  # fmt: skip

PROPENSITY = Formula(
    "propensity",
    N_("What offers to existing customers bring more than offers to strangers"),
    inputs=(
        Needed("offers", N_("Offers a year"), "count", (1.0, 1e9)),
        Needed("existing_rate", N_("Share of existing customers who buy"), "share", (0.0, 0.7)),
        Needed("new_rate", N_("Share of strangers who buy"), "share", (0.0, 0.4)),
        Needed("margin", N_("Margin of a sale"), "money"),
        Needed("existing_cost", N_("Cost of an offer to an existing customer"), "money", default=0.0),
        Needed("new_cost", N_("Cost of an offer to a stranger"), "money", default=0.0),
        ATTRIBUTION,
    ),
    steps=(
        Step("ratio", N_("Times likelier to buy"), "ratio", "existing_rate / new_rate"),
        Step("value", N_("Worth a year"), "money_year",
             "offers * ((existing_rate - new_rate) * margin * attribution + new_cost - existing_cost)"),
    ),
    result="value",
    source="P. Farris et al. (2010), Marketing Metrics",
    caveat_messages=(
        N_("Who bought before may have bought again without an offer: compare with some left alone."),
    ),
)  # fmt: skip

OVERLAP = Formula(
    "overlap",
    N_("What two effects on the same customers are worth together"),
    inputs=(
        Needed("customers", N_("Customers"), "count", (1.0, 1e9)),
        Needed("first_share", N_("Share of them with the first effect"), "share"),
        Needed("first_value", N_("Worth of the first effect for one"), "money"),
        Needed("second_share", N_("Share of them with the second effect"), "share"),
        Needed("second_value", N_("Worth of the second effect for one"), "money"),
        ATTRIBUTION,
    ),
    steps=(
        Step("stacked", N_("Simply added up"), "money",
             "customers * (first_share * first_value + second_share * second_value)"),
        Step("once", N_("One customer, one effect"), "money",
             "customers * (first_share * first_value + second_share * (1 - first_share) * second_value)"),
        Step("twice", N_("Counted twice by adding up"), "money", "stacked - once"),
        Step("value", N_("Counted once, the part that is due to it"), "money", "once * attribution"),
    ),
    result="value",
    source="Forrester, Total Economic Impact; XM Institute, ROI of Customer Experience",
    caveat_messages=(
        N_("Effects are taken to reach customers independently, and the first one takes the customer."),
    ),
)  # fmt: skip
