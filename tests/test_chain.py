import datetime as dt
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from zaplecze import chain, simulate
from zaplecze.errors import InputError
from zaplecze.impact import Findings
from zaplecze.language import LANGUAGES

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
MADE = {
    "findings.json",
    "findings.xlsx",
    "log",
    "process.json",
    "process.svg",
    "report.html",
    "report.pdf",
}


@dataclass(frozen=True)
class SmallCompany:
    """Two steps and one outcome of the simulated company: a run takes a second or two."""

    workspace: Path
    folder: Path


SMALL = """
name = { en = "A company", pl = "Firma", uk = "Компанія" }
currency = "PLN"
time_zone = "Europe/Warsaw"
sample = true
[sources]
orders = { file = "orders.csv" }
surveys = { file = "surveys.csv" }
[sources.shipping]
file = "shipping.csv"
delimiter = ";"
time_format = "%d.%m.%Y %H:%M"
[case]
key = "order_id"
source = "orders"
[[events]]
source = "orders"
activities = { "Order placed" = "ordered_at" }
[[events]]
source = "shipping"
activities = { "Equipment shipped" = "equipment_shipped_at", Installation = "installed_at" }
[steps.Installation]
label = { en = "Installation", pl = "Instalacja", uk = "Підключення" }
department = "Field service"
due = { column = "promised_day", precision = "day", promised = true }
[steps."Equipment shiped"]
department = "Logistics"
[attributes.region]
column = "region"
[outcomes.satisfaction]
label = { en = "satisfaction", pl = "zadowolenie", uk = "задоволеність" }
kind = "rating"
scale = [1, 5]
source = "surveys"
on = "order_id"
column = "satisfaction"
time = "answered_at"
price = { at_most = 2, amount = 100 }
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    made = simulate.write_company(tmp_path_factory.mktemp("company"), cases=1500, seed=4)
    workspace = made.folder / "small.toml"
    workspace.write_text(SMALL, encoding="utf-8")
    return SmallCompany(workspace, made.folder)


@dataclass(frozen=True)
class FirstRun:
    """A run of the small company, to be copied before anything is changed, and its progress."""

    run: chain.Run
    progress: list[float]

    def copied_to(self, out: Path) -> Path:
        return shutil.copytree(self.run.folder, out)


@pytest.fixture(scope="module")
def first(company, tmp_path_factory):
    seen = []
    out = tmp_path_factory.mktemp("first") / "out"
    run = chain.run(
        company.workspace, company.folder, out, now=NOW, progress=lambda _, done: seen.append(done)
    )
    return FirstRun(run, seen)


def finding(run, lever):
    return next(f for f in run.findings.findings if f.lever.id == lever)


@pytest.mark.long
def test_late_orders_of_olist_are_found_as_published(olist_run):
    late = finding(olist_run, "promise:Delivery")
    assert olist_run.findings.workspace.cases == 15_641
    assert late.n == 15_063
    assert late.share == pytest.approx(0.0765, abs=5e-5)
    assert late.means == (pytest.approx(2.17, abs=5e-3), pytest.approx(4.28, abs=5e-3))
    assert late.raw.estimate == pytest.approx(-2.11, abs=5e-3)
    assert late.verdict == "yes"
    assert late.raw.interval[0] < late.effect.estimate < 0
    assert late.odds.interval[0] < late.odds.estimate < late.odds.interval[1] < 0.1
    assert late.odds.n == late.effect.n


@pytest.mark.long
def test_the_report_says_who_makes_olist_late(olist_run):
    late = finding(olist_run, "promise:Delivery")
    assert sum(part.share for part in late.parts) == pytest.approx(1)
    shares = {part.department: part.share for part in late.parts}
    assert set(shares) == {"Carrier", "Seller", "Finance"}
    assert shares["Carrier"] > 0.7
    assert 0.1 < shares["Seller"] < 0.2


@pytest.mark.long
def test_the_same_lateness_is_not_counted_twice(olist_run):
    findings = olist_run.findings
    by_step = [f for f in findings.findings if f.lever.id != "promise:Delivery" and f.money]
    assert all("promise:Delivery → rating" in f.counted_in for f in by_step)
    alone = sum(f.money.per_year for f in findings.findings if f.money)
    assert findings.total.per_year < 0.7 * alone
    assert findings.total.per_year == pytest.approx(
        sum(f.own.per_year for f in findings.findings if f.own)
    )


@pytest.mark.long
def test_findings_are_ranked_by_money_and_speak_three_languages(olist_run):
    amounts = [f.money.per_year for f in olist_run.findings.findings if f.money]
    assert len(amounts) >= 4
    assert amounts == sorted(amounts, reverse=True)
    for found in olist_run.findings.findings:
        assert all(found.sentence[language] for language in LANGUAGES)
        assert found.money.basis == "assumed"
        assert len(set(found.sentence.values())) == 3


@pytest.mark.long
def test_the_findings_document_holds_what_its_contract_says(olist_run):
    document = json.loads((olist_run.folder / "findings.json").read_text(encoding="utf-8"))
    assert set(document) >= {"workspace", "findings", "refused"}
    keys = "lever step department outcome n exposed raw effect robustness verdict money caveats"
    for entry in document["findings"]:
        assert set(entry) >= {*keys.split(), "sentence"}
        assert set(entry["effect"]) >= {"estimate", "interval", "method", "adjusted_for"}
        assert set(entry["money"]) >= {"per_year", "interval", "currency", "basis"}
        assert isinstance(entry["lever"], str)


@pytest.mark.long
def test_a_run_writes_the_whole_pack_and_can_be_read_again(olist_run):
    assert {path.name for path in olist_run.folder.iterdir()} == {*MADE, "followed.json"}
    again = chain.load_run(olist_run.folder)
    assert again.findings == olist_run.findings
    [brought] = again.followed.demand
    assert (brought.found.contacts, round(brought.found.excess)) == (2255, 791)
    assert again.graph == olist_run.graph
    assert Findings.from_json(olist_run.findings.to_json()) == olist_run.findings


@pytest.mark.long
def test_a_run_that_fails_leaves_the_last_good_output_and_other_peoples_files(
    company, first, tmp_path
):
    out = first.copied_to(tmp_path / "out")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    text = company.workspace.read_text(encoding="utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(
        text.replace('column = "satisfaction"', 'column = "satisfactoin"'), encoding="utf-8"
    )
    with pytest.raises(InputError):
        chain.run(broken, company.folder, out, now=NOW)
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_a_second_run_takes_the_place_of_the_first(company, first, tmp_path):
    out = first.copied_to(tmp_path / "out")
    chain.run(company.workspace, company.folder, out, now=NOW, language="uk")
    assert {path.name for path in out.iterdir()} == MADE
    assert 'lang="uk"' in (out / "report.html").read_text(encoding="utf-8")


def test_the_same_data_give_the_same_findings(company, first, tmp_path):
    again = chain.run(company.workspace, company.folder, tmp_path / "again", now=NOW)
    assert again.findings.to_json() == first.run.findings.to_json()


def test_findings_tell_a_sample_and_what_the_import_found_odd(first):
    summary = first.run.findings.workspace
    assert summary.sample
    [odd] = summary.warnings
    assert "'Equipment shiped' never occurs in the log" in odd["en"]
    assert "'Equipment shipped'" in odd["en"]
    report = (first.run.folder / "report.html").read_text(encoding="utf-8")
    assert "Equipment shiped" in report


@pytest.mark.parametrize("name", ["log/notes.txt", "notes.txt", "findings.json", "report.html"])
def test_a_folder_that_no_run_wrote_is_left_as_it_is(company, tmp_path, name):
    mine = tmp_path / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="other things lie here already"):
        chain.run(company.workspace, company.folder, tmp_path, now=NOW)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_folder_named_log_of_the_user_beside_an_earlier_run_is_left_as_it_is(company, tmp_path):
    (tmp_path / "findings.json").write_text('{"workspace": {}, "findings": []}', encoding="utf-8")
    mine = tmp_path / "log" / "diary.txt"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"log: other things lie here already .diary\.txt"):
        chain.run(company.workspace, company.folder, tmp_path, now=NOW)
    assert mine.read_text(encoding="utf-8") == "mine"


def test_the_folder_of_the_data_is_no_place_for_results(company, monkeypatch):
    monkeypatch.chdir(company.folder)
    before = sorted(Path().iterdir())
    with pytest.raises(InputError, match="other things lie here already"):
        chain.run(company.workspace, company.folder, Path(), now=NOW)
    assert sorted(Path().iterdir()) == before


def test_a_file_is_no_place_for_results(company, tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="this is a file"):
        chain.run(company.workspace, company.folder, tmp_path / "out", now=NOW)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("content", ["{}", "not json", '{"findings": [{}]}'])
def test_findings_that_cannot_be_read_are_an_error_in_words(tmp_path, content):
    (tmp_path / "findings.json").write_text(content, encoding="utf-8")
    (tmp_path / "process.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="zaplecze run"):
        chain.load_run(tmp_path)


def test_a_folder_without_findings_is_an_error_in_words(tmp_path):
    with pytest.raises(InputError, match=r"findings\.json"):
        chain.load_run(tmp_path)


def test_progress_never_goes_back(first):
    assert first.progress == sorted(first.progress)
    assert first.progress[-1] == 1.0
