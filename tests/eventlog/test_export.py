"""A log that is exported and imported again is the same log."""

import datetime as dt
import gzip
from xml.etree import ElementTree

import pytest
from tests.eventlog.desk import LONG, ask

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog, build, export, open_log, workspace_for

ENDINGS = ["xes", "xes.gz", "csv", "csv.gz", "parquet"]

# Text that every format must carry, ties, a zone, a length, missing values, a control character.
LINES = (
    "case,activity,time,end,who,team,pages,note,region,signed\n"
    'A&B,"<check> ""it""",2024-05-01 10:00:00.000001,2024-05-01 12:00,Ann,Sales,3,"two\nlines",East,'
    "2024-01-01T08:00:00Z\n"
    "A&B,bill,2024-05-01 10:00:00.000001,,,Sales,,  spaces ,East,\n"
    "A&B,check,2024-05-02,2024-05-05,Bob,,1.5,NULL,East,\n"
    "007,wysłać łódź,2024-05-01,,Ann,Żuk,,,West,2024-01-02T08:00:00Z\n"
)
TOML = (
    LONG.replace("[sources", 'time_zone = "Europe/Warsaw"\n[sources', 1)
    + """end = "end"
resource = "who"
department = "team"
attributes = ["pages", "note"]
[attributes.region]
[attributes.signed]
kind = "time"
[steps.bill.due]
column = "signed"
[outcomes.pages]
kind = "amount"
column = "pages"
aggregate = "sum"
""".replace("[outcomes.pages]", "[outcomes.sheets]")
)


def contents(log: EventLog) -> dict[str, object]:
    """Everything in a log, with names in place of codes."""
    connection = log.connection
    for table, names in (("a", log.activities), ("d", log.departments)):
        connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT unnest(?::VARCHAR[]) AS name", [names]
        )
    names = {view: [n for n, *_ in ask(log, f"DESCRIBE {view}")] for view in ("events", "cases")}
    further = {
        "events": sorted(names["events"][9:]), "cases": sorted(names["cases"][8:]),
    }  # fmt: skip
    of_events, of_cases = (
        "".join(f', "{name}"' for name in further[view]) for view in ("events", "cases")
    )
    return {
        "names": further,
        "types": {view: sorted(ask(log, f"DESCRIBE {view}")) for view in further},
        "events": ask(
            log,
            'SELECT "case", position, a.name, d.name, r.name, start, "end", wait_seconds'
            f"{of_events} FROM events LEFT JOIN a ON a.rowid = activity LEFT JOIN d "
            "ON d.rowid = department LEFT JOIN resources r USING (resource) ORDER BY ALL",
        ),
        "cases": ask(
            log,
            f'SELECT "case", case_id, start, "end", events, rework, handovers{of_cases} '
            "FROM cases ORDER BY ALL",
        ),
        "variants": sorted(
            ([log.activities[a] for a in way], cases)
            for way, cases in ask(log, "SELECT activities, cases FROM variants")
        ),
    }


def there_and_back(log: EventLog, folder, ending: str) -> EventLog:
    folder.mkdir(exist_ok=True)
    file = folder / f"exported.{ending}"
    export(log, file)
    return build(workspace_for(file), folder, folder / f"again-{ending}")


@pytest.fixture
def log(desk):
    desk.write("log.csv", LINES)
    return desk.build(TOML)


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_log_comes_back_from_its_export_as_it_was(log, tmp_path, ending):
    again = there_and_back(log, tmp_path / "exports", ending)
    assert contents(again) == contents(log)
    assert again.info.refused == []
    assert again.info.warnings == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "ending"),
    [
        ("receipt-coselog/receipt.xes.gz", "xes.gz"),
        pytest.param("receipt-coselog/receipt.xes.gz", "csv", marks=pytest.mark.simulation),
        ("bpic2013-volvo-incidents/bpic2013_closed.xes.gz", "parquet"),
    ],
)
def test_a_published_log_comes_back_from_its_export_as_it_was(shared_data, tmp_path, file, ending):
    path = shared_data / file
    log = build(workspace_for(path), path.parent, tmp_path / "log")
    assert contents(there_and_back(log, tmp_path / "exports", ending)) == contents(log)


@pytest.mark.long
def test_a_category_of_digits_stays_one_in_formats_with_types(desk, tmp_path):
    desk.write("log.csv", "case,activity,time,customer\nA,x,2024-05-01,0017\n")
    toml = LONG.replace('key = "case"', 'key = "case"\ncustomer = "customer"')
    log = desk.build(toml + "[attributes.customer]\n")
    for ending in ("xes", "parquet"):
        again = there_and_back(log, tmp_path / "exports", ending)
        assert ask(again, "SELECT customer FROM cases") == [("0017",)]
        assert again.info.attributes == {"customer": "category"}


def test_xes_is_well_formed_whatever_is_in_it(log, tmp_path):
    export(log, tmp_path / "log.xes")
    root = ElementTree.parse(tmp_path / "log.xes").getroot()
    name = "{http://www.xes-standard.org/}"
    assert [len(trace.findall(f"{name}event")) for trace in root.findall(f"{name}trace")] == [3, 1]


def test_what_xml_cannot_carry_is_marked(desk, tmp_path):
    desk.write("log.csv", "case,activity,time\nA,x\x01y,2024-05-01\n")
    again = there_and_back(desk.build(), tmp_path / "exports", "xes")
    assert again.activities == ["x\N{REPLACEMENT CHARACTER}y"]


def test_the_same_log_gives_the_same_file(log, tmp_path):
    export(log, tmp_path / "log.xes.gz")
    first = (tmp_path / "log.xes.gz").read_bytes()
    export(log, tmp_path / "log.xes.gz")
    assert (tmp_path / "log.xes.gz").read_bytes() == first
    assert gzip.decompress(first).endswith(b"</log>\n")


@pytest.mark.parametrize("name", ["log.docx", "log", "log.gz", "log.parquet.gz"])
def test_an_unknown_ending_is_told(log, tmp_path, name):
    with pytest.raises(InputError, match="the ending does not say which format is meant"):
        export(log, tmp_path / name)


def test_a_log_without_events_is_told(desk, tmp_path):
    desk.write("log.csv", "case\nA\n")
    toml = LONG[: LONG.index("[[events]]")].replace("[case]", '[case]\nsource = "log"')
    with pytest.raises(InputError, match="there are no events to export"):
        export(desk.build(toml), tmp_path / "log.csv")


def test_a_failed_export_leaves_the_file_that_was_there(log, tmp_path):
    file = tmp_path / "log.csv"
    file.write_text("before")
    (log.folder / "cases" / "part-0000.parquet").write_text("broken")
    with pytest.raises(InputError, match="damaged"):
        export(open_log(log.folder), file)
    assert file.read_text() == "before"


def test_pm4py_reads_the_same_log(log, tmp_path):
    pm4py = pytest.importorskip("pm4py")
    export(log, tmp_path / "log.xes")
    found = pm4py.read_xes(str(tmp_path / "log.xes"))
    rows = ask(
        log,
        'SELECT case_id, e.activity, e.start, e."end" FROM events e JOIN cases USING ("case") '
        'ORDER BY "case", position',
    )
    assert [
        (row["case:concept:name"], row["concept:name"], row["start_timestamp"], row["time:timestamp"])
        for row in found.to_dict("records")
    ] == [
        (case, log.activities[activity], start.replace(tzinfo=dt.UTC), end.replace(tzinfo=dt.UTC))
        for case, activity, start, end in rows
    ]  # fmt: skip
