"""Published effects of published changes, on the published data."""

import pytest

from zaplecze.impact.verify import boundaries, verify


@pytest.fixture(scope="module")
def minimum_wage(shared_data):
    """Callaway and Sant'Anna (2021): county teen employment and the minimum wage."""
    return verify(
        shared_data / "stat-tables" / "mpdta.csv",
        outcome="lemp",
        time="year",
        unit="countyreal",
        treated_from="first.treat",
        better="higher",
    )


@pytest.fixture(scope="module")
def tobacco(shared_data):
    """Arkhangelsky et al. (2021): cigarette sales and California's Proposition 99."""

    def found(method=None):
        return verify(
            shared_data / "stat-tables" / "california_prop99.csv",
            outcome="PacksPerCapita",
            time="Year",
            unit="State",
            treated_from="treated",
            method=method,
            better="lower",
        )

    return found


@pytest.mark.long
def test_minimum_wage_by_group_and_time(minimum_wage):
    assert minimum_wage.method == "staggered"
    assert minimum_wage.estimate == pytest.approx(-0.0400, abs=5e-5)
    half = (minimum_wage.interval[1] - minimum_wage.interval[0]) / 2
    # Published: 0.0120; t of 190 degrees of freedom instead of 1.96.
    assert half / 1.9725 == pytest.approx(0.0120, abs=5e-5)


def test_minimum_wage_by_length_of_exposure_and_by_group(minimum_wage):
    details = minimum_wage.details
    assert details["by_age"]["estimate"] == pytest.approx(-0.0772, abs=5e-5)
    assert details["by_start"]["estimate"] == pytest.approx(-0.0310, abs=5e-5)
    ages = [details["ages"][age]["estimate"] for age in (0, 1, 2, 3)]
    assert ages == pytest.approx([-0.0199, -0.0510, -0.1373, -0.1008], abs=5e-5)


def test_a_fall_in_employment_is_not_called_a_success(minimum_wage):
    assert minimum_wage.verdict == "did not"


def test_proposition_99_by_synthetic_differences(tobacco):
    found = tobacco()
    assert found.method == "sdid"
    assert found.estimate == pytest.approx(-15.604, abs=5e-4)
    assert found.details["two_way"] == pytest.approx(-27.349, abs=5e-4)
    # Published errors by placebo are between 8.4 and 10, and the interval holds zero.
    half = (found.interval[1] - found.interval[0]) / 2
    assert 8.0 <= half / 2.026 <= 10.0
    assert found.verdict == "cannot tell"


def test_proposition_99_by_plain_differences(tobacco):
    found = tobacco("did")
    assert found.estimate == pytest.approx(-27.349, abs=5e-4)
    # One treated state: chance cannot be told from effect.
    assert found.verdict == "cannot tell"


def test_boundaries_of_pocock_and_of_obrien_and_fleming():
    assert boundaries(5, "pocock") == pytest.approx([2.413] * 5, abs=5e-4)
    published = [4.562, 3.226, 2.634, 2.281, 2.040]
    assert boundaries(5) == pytest.approx(published, abs=5e-4)
