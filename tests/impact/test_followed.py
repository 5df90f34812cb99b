"""What a run looks at again: changes that the workspace names, watched measures, internal service."""

import datetime as dt

import numpy as np
import pytest

from zaplecze import chain, eventlog
from zaplecze.errors import WorkspaceError
from zaplecze.impact import Followed, follow
from zaplecze.workspace import load

pytestmark = pytest.mark.long

START = dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC)
NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
LIVE = dt.date(2024, 9, 2)
FILE = """
name = "x"
[sources.a]
file = "a.csv"
[sources.cases]
file = "cases.csv"
[case]
key = "case"
source = "cases"
ends = ["Send"]
[[events]]
source = "a"
case = "case"
activity = "activity"
time = "time"
department = "team"
[attributes.region]
[outcomes.rating]
kind = "rating"
column = "rating"
scale = [1, 5]
"""
CHANGE = """
[[changes]]
label = { en = "New tool", pl = "Nowe narzędzie", uk = "Новий інструмент" }
when = 2024-09-02
outcome = "rating"
steps = ["Send"]
"""
REGIONS = 12


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Fifty weeks: from LIVE on orders lie 4 hours instead of 10 in the first six regions."""
    random = np.random.default_rng(5)
    events, cases = ["case,activity,time,team"], ["case,region,rating"]
    for case in range(50 * 7 * 12):
        begin = START + dt.timedelta(days=case // 12, hours=float(random.uniform(0, 6)))
        region = case % REGIONS
        better = region < 6 and begin.date() >= LIVE
        lies = (4 if better else 10) + random.normal(0, 1.5)
        sent = begin + dt.timedelta(hours=max(lies, 0.1))
        events += [f"{case},Sell,{begin},Sales", f"{case},Send,{sent},Store"]
        rating = np.clip(round(4.2 - 0.1 * lies + random.normal(0, 0.8)), 1, 5)
        cases.append(f"{case},R{region},{rating}")
    folder = tmp_path_factory.mktemp("followed")
    (folder / "a.csv").write_text("\n".join(events))
    (folder / "cases.csv").write_text("\n".join(cases))
    return folder


def followed(data, tmp_path, more):
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "zaplecze.toml").write_text(FILE + more)
    workspace = load(tmp_path / "zaplecze.toml")
    log = eventlog.build(workspace, data, tmp_path / "log")
    found = follow(log, workspace, data, now=NOW)
    log.close()
    return found


IN_SIX = CHANGE + 'where = { region = ["R0", "R1", "R2", "R3", "R4", "R5"] }\n'


@pytest.mark.long
def test_a_planted_change_is_found_on_every_measure_that_it_names(data, tmp_path):
    found = followed(data, tmp_path, IN_SIX)
    rating, wait = found.changes
    assert (rating.measure, wait.measure) == ("outcome:rating", "wait:Send")
    assert wait.verification.method == "did"
    assert wait.verification.verdict == "worked"
    # Hours: the wait fell from ten to four.
    assert wait.verification.interval[0] < -6 < wait.verification.interval[1]
    assert rating.verification.estimate == pytest.approx(0.6, abs=0.15)


def test_sentences_name_the_measure_in_every_language(data, tmp_path):
    _, wait = followed(data, tmp_path, IN_SIX).changes
    for language, words in wait.measure_label.items():
        assert words in wait.verification.sentence[language]


def test_without_a_where_the_change_is_held_against_the_course_before(data, tmp_path):
    rating, _ = followed(data, tmp_path, CHANGE).changes
    assert rating.verification.method == "its"
    assert rating.verification.verdict in ("worked", "cannot tell")


def test_what_cannot_be_told_says_why(data, tmp_path):
    early = CHANGE.replace("2024-09-02", "2020-01-01").replace('["Send"]', '["Pack"]')
    rating, pack = followed(data, tmp_path, early).changes
    assert rating.verification is None
    assert str(rating.reason)
    assert "“Pack”" in str(pack.reason)


def test_units_too_thin_for_weeks_are_told_of_months(data, tmp_path):
    thin = CHANGE.replace('steps = ["Send"]', "") + 'where = { region = ["R99"] }\n'
    [rating] = followed(data, tmp_path, thin).changes
    assert rating.verification is None
    assert "R99" in str(rating.reason)
    assert "by = 'month'" in str(rating.reason)


def test_waits_can_be_compared_on_the_logarithm_and_ratings_stay_as_they_are(data, tmp_path):
    rating, wait = followed(data, tmp_path, IN_SIX + 'scale = "logarithm"\n').changes
    assert "on the logarithm" in str(wait.verification.method_text)
    # From ten hours to four, of which some are very short: their geometric mean lies below.
    assert wait.verification.ratio == pytest.approx(0.375, abs=0.02)
    assert wait.verification.verdict == "worked"
    assert "on the logarithm" not in str(rating.verification.method_text)


def test_waits_of_nothing_have_no_logarithm_and_are_counted(data, tmp_path):
    rows = (data / "a.csv").read_text().splitlines()
    sold = {row.split(",")[0]: row.split(",")[2] for row in rows if ",Sell," in row}
    at_once = [
        f"{case},Send,{sold[case]},Store" if step == "Send" and int(case) % 7 == 0 else row
        for row in rows
        for case, step, *_ in [row.split(",")]
    ]
    (tmp_path / "a.csv").write_text("\n".join(at_once))
    (tmp_path / "cases.csv").write_text((data / "cases.csv").read_text())
    _, wait = followed(tmp_path, tmp_path, IN_SIX + 'scale = "logarithm"\n').changes
    assert wait.verification is None
    assert "600 of 4,200 values" in str(wait.reason)
    assert "scale = 'natural'" in str(wait.reason)
    assert "month" not in str(wait.reason)


COMPLAINTS = """
[sources.complaints]
file = "complaints.csv"
[outcomes.complaint]
kind = "yes_no"
source = "complaints"
time = "received"
"""
COMPLAINED = """
[[changes]]
label = "New tool"
when = 2024-09-02
outcome = "complaint"
"""


@pytest.fixture(scope="module")
def complained(data, tmp_path_factory):
    """The same, with some 8 complaints a week, and 4 since LIVE: two days after the order each."""
    folder = tmp_path_factory.mktemp("complained")
    random = np.random.default_rng(6)
    rows = ["case,received"]
    for case in range(50 * 7 * 12):
        begin = START + dt.timedelta(days=case // 12)
        if random.random() < (0.05 if begin.date() >= LIVE else 0.1):
            rows.append(f"{case},{begin + dt.timedelta(days=2)}")
    (folder / "complaints.csv").write_text("\n".join(rows))
    for name in ("a.csv", "cases.csv"):
        (folder / name).write_text((data / name).read_text())
    return folder


def test_weeks_with_few_complaints_are_no_gaps(complained, tmp_path):
    [found] = followed(complained, tmp_path, COMPLAINTS + COMPLAINED).changes
    verified = found.verification
    assert verified.method == "its"
    assert (verified.periods_before, verified.periods_after) == (34, 15)
    # All complaints of these weeks, few as they are in each.
    assert min(verified.series.observed) < 5
    assert verified.ratio_interval[0] < 0.5 < verified.ratio_interval[1]


def test_complaints_of_units_are_compared_by_their_number(complained, tmp_path):
    where = 'where = { region = ["R0", "R1", "R2", "R3", "R4", "R5"] }\n'
    for by, before in (("week", 34), ("month", 7)):
        more = COMPLAINTS + COMPLAINED + where + f'by = "{by}"\n'
        [found] = followed(complained, tmp_path / by, more).changes
        assert found.verification.method == "did"
        # Everywhere half as many came, so that the six regions gained nothing by the change.
        assert found.verification.verdict != "worked"
        assert found.verification.periods_before == before
        assert (found.verification.units, found.verification.treated) == (12, 6)


def test_a_change_that_is_still_to_come_says_how_long_to_wait(data, tmp_path):
    later = CHANGE.replace("2024-09-02", "2026-01-05") + "worth = 1\n"
    rating, wait = followed(data, tmp_path, later).changes
    for each in (rating, wait):
        assert each.verification is None
        assert "in 8 of 10 cases" in str(each.reason)
        assert "--" not in str(each.reason)
    without = followed(data, tmp_path / "without", later.replace("worth = 1", "")).changes
    assert "'worth'" in str(without[0].reason)
    apart = IN_SIX.replace("2024-09-02", "2026-01-05")
    months_are_no_remedy = followed(data, tmp_path / "apart", apart).changes
    assert "month" not in str(months_are_no_remedy[0].reason)


def test_a_workspace_that_asks_for_nothing_gets_nothing(data, tmp_path):
    assert followed(data, tmp_path, "") is None


@pytest.mark.long
def test_what_was_followed_comes_back_from_its_file(data, tmp_path):
    more = IN_SIX + '[watch]\nmeasures = ["wait:Send"]\n[internal_service]\n'
    found = followed(data, tmp_path, more)
    # Half of the regions got faster, and the watch saw it.
    assert any(alarm.measure == "wait:Send" for alarm in found.watch.alarms)
    assert {each.department for each in found.service.departments} == {"Sales", "Store"}
    again = Followed.from_json(found.to_json())
    assert again.to_json() == found.to_json()
    assert again.watch == found.watch
    assert again.service == found.service


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (CHANGE.replace('outcome = "rating"', 'outcome = "raging"'), "rating"),
        ('[[changes]]\nlabel = "x"\nwhen = 2024-09-02\n', "What was to get better"),
        (CHANGE + 'where = { regoin = ["R1"] }\n', "region"),
        (CHANGE + "where = { region = [] }\n", "one attribute"),
        (CHANGE.replace("2024-09-02", '"soon"'), "day without quotes"),
        (CHANGE.replace('steps = ["Send"]', 'scale = "logarithm"'), "'rating' is none"),
        (CHANGE + 'scale = "log"\n', "scale"),
    ],
)
def test_a_change_that_is_described_wrongly_is_named(tmp_path, more, says):
    (tmp_path / "zaplecze.toml").write_text(FILE + more)
    with pytest.raises(WorkspaceError, match=says):
        load(tmp_path / "zaplecze.toml")


@pytest.mark.long
def test_a_run_writes_what_it_followed_and_the_report_shows_it(data, tmp_path):
    (tmp_path / "zaplecze.toml").write_text(
        FILE + IN_SIX + '[watch]\nmeasures = ["wait:Send"]\n[internal_service]\n'
    )
    out = tmp_path / "out"
    done = chain.run(tmp_path / "zaplecze.toml", data, out, now=NOW)
    assert chain.load_run(out).followed.changes[0].label == done.followed.changes[0].label
    page = (out / "report.html").read_text(encoding="utf-8")
    for heading in ("changes", "alarms", "service"):
        assert f'<h2 id="{heading}-title">' in page
    assert "What we got for the last change<" in page
    assert "New tool – It worked" in page
    # The next run is asked for nothing, and nothing of the last one remains.
    (tmp_path / "zaplecze.toml").write_text(FILE)
    chain.run(tmp_path / "zaplecze.toml", data, out, now=NOW)
    assert not (out / chain.FOLLOWED).exists()
    assert chain.load_run(out).followed is None


def test_the_report_names_the_measure_in_its_own_language(data, tmp_path):
    (tmp_path / "zaplecze.toml").write_text(FILE + IN_SIX)
    out = tmp_path / "out"
    chain.run(tmp_path / "zaplecze.toml", data, out, now=NOW, language="pl")
    page = (out / "report.html").read_text(encoding="utf-8")
    section = page.partition('<section id="changes"')[2].partition("</section>")[0]
    assert "Nowe narzędzie" in section
    assert "Wait before" not in section
    assert "hours" not in section
