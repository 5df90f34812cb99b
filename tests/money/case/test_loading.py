import pytest
from tests.money.case.sample import case_of

from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES

REVENUE = """
[lines.more]
kind = "revenue"
owner = "Sales"
amount = 100
per = "month"
"""

FAULTS = [
    ("low = 0.05", "low = 0.5", "[assumptions.avoided], likely = 0.1: 'low', 'likely' and 'high' must rise"),
    ("sd = 20", "sd = -1", "[assumptions.cost], sd = -1: This must be more than 0"),
    ("discount_rate = 0.10", "discount_rate = 10", "Did you mean 0.1?"),
    ("months = 24", "months = 0", "months = 0: This must be 1 or more"),
    ("start = 2026-01-01", 'start = "soon"', "day without quotes"),
    ("complaints * avoided", "complaint * avoided", "Did you mean 'complaints'?"),
    ("complaints * avoided", "complaints ; avoided", "is no calculation"),
    ('kind = "saving"', 'kind = "benefit"', "Choose one of: cost, saving, revenue"),
    ("start = 2026-04-01", "start = 2025-04-01", "starts before the case"),
    ("ramp_months = 3", "ramp_months = 3\nend = 2026-03-01", "ends before it starts"),
    ("ramp_months = 3", "ramp_months = 3\nrisk_adjustment = 0.2", "Risk would count twice"),
    ("months = 24", 'months = 24\nrisk = "tei"', "needs 'risk_adjustment'"),
    ('per = "once"', "", "How often is it paid?"),
    ('amount = "project"', "", "either an 'amount' or a 'formula'"),
    ('amount = "project"', 'formula = "complant"', "Did you mean 'complaint'?"),
    ('amount = "project"', 'formula = "complaint"', "needs these inputs too: hourly_cost, minutes"),
    ("ramp_months = 3", "ramp_month = 3", "Did you mean 'ramp_months'?"),
    ("value = 1200", "value = true", "number without quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "message"), FAULTS)
def test_what_is_wrong_is_told_with_its_place_and_a_remedy(tmp_path, before, after, message):
    with pytest.raises(InputError) as refused:
        case_of(tmp_path, (before, after))
    assert message in str(refused.value)
    assert "case.toml" in str(refused.value)
    assert len({refused.value.text[language] for language in LANGUAGES}) == 3


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (REVENUE, "Add 'attribution'"),
        (REVENUE + "attribution = 0.5", "Add 'customers'"),
        (
            REVENUE + 'attribution = 1\ncustomers = "a"\n' + REVENUE.replace("more", "other")
            + 'attribution = 1\ncustomers = "a"\n',
            "Add 'reach'",
        ),
        ('[[correlations]]\nbetween = ["cost", "avoidd"]\nrank = 0.5', "Did you mean 'avoided'?"),
        ('[[correlations]]\nbetween = ["cost", "cost"]\nrank = 0.5', "two different assumptions"),
        ('[[correlations]]\nbetween = ["cost", "avoided"]\nrank = 1.5', "This must be 1 or less"),
        (
            "".join(
                f'[[correlations]]\nbetween = ["{a}", "{b}"]\nrank = {r}\n'
                for a, b, r in [("cost", "avoided", 0.9), ("avoided", "project", 0.9), ("cost", "project", -0.9)]
            ),
            "cannot hold together: cost, avoided, project",
        ),
        ('[scenarios.a]\nwithout = ["projct"]', "Did you mean 'project'?"),
        ("[scenarios.a.assumptions]\ncosts = 3", "Did you mean 'cost'?"),
        ('[[actuals]]\nline = "nobody"\nmonth = 2026-02-01\namount = 1\nevidence = "x"', "Nothing is called 'nobody'"),
        ('[[actuals]]\nline = "project"\nmonth = 2025-02-01\namount = 1\nevidence = "x"', "before the start"),
        ('[assumptions.found]\nfinding = "x"', "'finding' and 'take' belong together"),
    ],
)  # fmt: skip
def test_tables_that_do_not_fit_together_are_refused(tmp_path, more, message):
    with pytest.raises(InputError) as refused:
        case_of(tmp_path, more=more)
    assert message in str(refused.value)


def test_every_fault_is_told_at_once(tmp_path):
    with pytest.raises(InputError) as refused:
        case_of(
            tmp_path,
            ("sd = 20", "sd = 0"),
            ("low = 0.05", "low = 3"),
            ("months = 24", "months = -1"),
        )
    assert len(str(refused.value).splitlines()) == 3


def test_a_file_that_is_not_there_is_named(tmp_path):
    from zaplecze.money.case import load_case

    with pytest.raises(InputError, match=r"nothing\.toml: there is no such file"):
        load_case(tmp_path / "nothing.toml")
