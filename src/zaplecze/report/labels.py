"""The fixed words of the report: headings, labels, how it was computed, what to bring."""

from zaplecze.language import N_

LABELS = {
    "skip": N_("Skip to the report"),
    "contents": N_("Contents"),
    "board": N_("On one page"),
    "first": N_("What to do first"),
    "next": N_("Next step"),
    "evidence": N_("Evidence"),
    "lose": N_("What we lose"),
    "actions": N_("Complaints, contacts and what else customers do"),
    "case": N_("The business case"),
    "came": N_("Planned against actual"),
    "references": N_("Definitions, inputs and rows"),
    "references_note": N_("Numbers in square brackets lead here from every figure."),
    "figure": N_("Figure"),
    "definition": N_("Definition"),
    "goes_in": N_("Inputs"),
    "rows": N_("Rows"),
    "levers": N_("Which work goes with harm to customers"),
    "promise": N_("Whose delays broke the promise"),
    "findings": N_("The evidence, lever by lever"),
    "process": N_("What happens: the process"),
    "method": N_("How this was computed"),
    "refused": N_("What was left out, and why"),
    "data": N_("The data"),
    "held_equal": N_("What was held equal"),
    "caveats": N_("What remains uncertain"),
    "who": N_("Who and where"),
    "sure": N_("How sure, and what could overturn it"),
    "steps": N_("Next steps"),
    "figures": N_("The figures as a table"),
    "inputs": N_("How the money is computed"),
    "rank": N_("No."),
    "lever": N_("Lever"),
    "exposed": N_("Exposed cases"),
    "harm": N_("Harm to customers, with 95 % interval"),
    "own": N_("Of it counted nowhere else"),
    "examined": N_("Also examined, in short"),
    "result": N_("Result"),
    "why": N_("Why"),
    "reading": N_(
        "How to read the figures: differences between exposed and other cases, with what was known "
        "before held equal; every size of delay against cases without delay. Whiskers: 95 % "
        "interval. Grey: few cases, or the interval holds zero."
    ),
    "money": N_("Money a year"),
    "range": N_("90 % range"),
    "ranking": N_("Levers, most expensive first"),
    "made_by": N_("Made with Zaplecze {version}"),
    "page": N_("Page {page} of {pages}"),
    "as_of": N_("As of {date}"),
    "nothing_refused": N_(
        "No row and no variable was left out. Cases that one finding cannot use are counted with it."
    ),
    "no_map": N_("The log holds no events, so there is no process to draw."),
}

NOTES = {
    "money": N_(
        "{currency} a year. Whiskers hold 90 % of what the inputs' ranges allow. Striped: rests on "
        "something assumed. Outlined: not added to the total, which counts it with later levers or "
        "cannot tell it from zero."
    ),
    "effects": N_(
        "Difference between exposed and other cases, with what was known before held equal. "
        "Whiskers: 95 % interval. Grey: few cases, or the interval holds zero."
    ),
    "comparison": N_("Whiskers: 95 % interval."),
    "dose": N_(
        "Every size of delay against cases without delay, with what was known before held equal. "
        "Whiskers: 95 % interval. Grey: few cases, or the interval holds zero."
    ),
    "split": N_(
        "Each of the {n} late cases, whether its outcome is known or not, is divided among the steps "
        "that made it late. Whiskers: 95 % interval."
    ),
}

METHOD = [
    (
        N_("Lever"),
        N_(
            "A fact of back-office work that someone can change: a step after its deadline, its "
            "target or the promise, a step done again, a step that ought not to be needed."
        ),
    ),
    (
        N_("Raw difference"),
        N_(
            "The mean of the cases with the lever minus the mean of the others; nothing held equal."
        ),
    ),
    (
        N_("Adjusted effect"),
        N_(
            "Lever and outcome are both predicted from what was known before (boosted trees, "
            "five folds, a customer's cases always in one fold); what is left of the outcome is "
            "regressed on what is left of the lever. Errors allow for several cases of a customer."
        ),
    ),
    (
        N_("Held equal"),
        N_(
            "Facts about the case and earlier steps only. Later steps lie on the way from the work "
            "to the customer; holding them equal would hide the effect."
        ),
    ),
    (
        N_("Verdict"),
        N_(
            "Yes: the whole interval is harm, with at most 5 % false alarms over all levers "
            "together. No: the outcome is better, or the whole interval is below a tenth of the "
            "outcome's usual spread. Otherwise the data cannot tell."
        ),
    ),
    (
        N_("What could overturn it"),
        N_(
            "How much of what is left of lever and outcome something unmeasured would have to "
            "explain to bring the effect to zero (Cinelli and Hazlett 2020), beside the strongest "
            "thing that was measured."
        ),
    ),
    (
        N_("Whose delays broke the promise"),
        N_(
            "Each late case counts as one and is divided among the steps whose delay alone, with "
            "every other step on its allowance, would have made it late; a step that made up time "
            "gets nothing or less (Shapley's value). A share is the mean over the late cases: it "
            "counts late cases, not hours."
        ),
    ),
    (
        N_("Money"),
        N_(
            "Exposed cases of the latest year (of a rating, those that answer) × effect on the "
            "priced unit × price. The range holds "
            "90 % of the products of drawn effects and prices. What a lever shares with later "
            "levers that hurt too, such as a broken promise, is counted with those; of its own "
            "effect with them held equal, only what is clear of zero is added."
        ),
    ),
]

BRING = [
    N_(
        "An outcome: what customers felt or did, one value a case (a rating, a complaint, a "
        "contact, a cancellation). It goes under [outcomes] in the workspace file."
    ),
    N_(
        "A yardstick: when a step ought to be done (a due time, a target, a promise). It goes "
        "under [steps] in the workspace file."
    ),
    N_("A price: what one unit of the outcome is worth. It goes with the outcome."),
    N_("A whole report first? The command 'zaplecze demo' makes one of a simulated company."),
]

BRING_PRICE = N_(
    "No outcome has a price yet. Say in the workspace file what one unit is worth, with a range, "
    "and the findings are ranked by money."
)
NOTHING_PRICED = N_("No lever was shown to hurt an outcome that has a price.")
