"""A workspace file is read as it is meant, and every fault names file, place, value and remedy."""

import datetime as dt
import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zaplecze.errors import WorkspaceError
from zaplecze.language import LANGUAGES
from zaplecze.workspace import Workspace, load

SHOP = """
name = { en = "Shop", pl = "Sklep" }
currency = "PLN"
time_zone = "Europe/Warsaw"

[sources.orders]
file = "orders.csv"

[case]
key = "order_id"
customer = "customer"

[calendar]
country = "PL"
closed = [2026-05-02]
hours = { monday = "08:00-16:00", sunday = ["08:00-12:00", "22:00-06:00"] }

[[events]]
source = "orders"
activity = "step"
time = "at"

[steps."Send order"]
department = "Logistics"
due = { column = "promised", precision = "day", promised = true }
minutes = { amount = 4, low = 2, high = 6 }

[departments.Logistics]
label = { en = "Logistics", pl = "Logistyka", uk = "Логістика" }
hourly_cost = { amount = 60, basis = "measured" }

[attributes.customer]
column = "customer_id"
adjust = false

[attributes.region]
column = "region"

[outcomes.rating]
kind = "rating"
column = "stars"
scale = [1, 5]
price = { amount = 12.5, at_most = 2 }

[levers.far]
attribute = "region"
values = ["north"]
"""


@pytest.fixture
def read(tmp_path):
    """Load the text given, with one part of it replaced."""

    def read(old: str = "", new: str = "", text: str = SHOP) -> Workspace:
        assert old in text
        file = tmp_path / "zaplecze.toml"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(file)

    return read


def test_a_whole_file_is_read(read):
    shop = read()
    assert shop.name == {"en": "Shop", "pl": "Sklep", "uk": "Shop"}
    assert shop.events[0].activity == "step"
    assert shop.steps["Send order"].due.promised
    assert shop.steps["Send order"].minutes.bounds == (2, 6)
    assert shop.calendar.hours.by_weekday[0] == [(8 * 60, 16 * 60)]
    assert shop.calendar.hours.by_weekday[6] == [(8 * 60, 12 * 60), (22 * 60, 30 * 60)]
    assert shop.calendar.closed == [dt.date(2026, 5, 2)]
    assert shop.outcomes["rating"].scale == (1, 5)
    assert shop.outcomes["rating"].higher_is_better
    assert shop.department_label("Logistics")["uk"] == "Логістика"
    assert shop.step_label("Pack")["pl"] == "Pack"


def test_a_byte_order_mark_does_no_harm(read):
    assert read(text="\ufeff" + SHOP).currency == "PLN"


def test_an_activity_of_a_wide_table_may_be_a_column_or_a_table(read):
    shop = read(
        'activity = "step"\ntime = "at"',
        'activities = { Send = "sent", Pay = { start = "paid", department = "who" } }',
    )
    assert shop.events[0].activities["Send"].start == "sent"
    assert shop.events[0].activities["Pay"].department == "who"


# Part of SHOP, what replaces it, then the place and the English sentence of the message.
FAULTS = [
    ('currency = "PLN"', 'currency = "zloty"',
     'currency = "zloty": This must be a currency of three capital letters, like \'EUR\'.'),
    ('"Europe/Warsaw"', '"Warsaw"', 'time_zone = "Warsaw": There is no such time zone.'),
    ("name = {", "nam = {", "The key 'name' is missing. Add it."),
    ("name = {", "nam = {", "[nam]: There is no such table. Did you mean [name]?"),
    ('uk = "Логістика"', 'de = "Logistik"',
     "[departments.Logistics.label]: Give the text in en, pl or uk; there is no language 'de'"),
    ('{ en = "Shop", pl = "Sklep" }', "5", "name = 5: This must be text in quotes, or texts by"),
    ('{ en = "Shop", pl = "Sklep" }', "{ en = 5 }", "[name]: This must be text in quotes, or"),
    ('{ en = "Shop", pl = "Sklep" }', "{}", "[name]: Give the text in at least one of the lang"),
    ("[sources.orders]\nfile", "[sources.orders]\nfiel",
     "[sources.orders], fiel = \"orders.csv\": There is no such key. Did you mean 'file'?"),
    ('file = "orders.csv"', "file = 5", "[sources.orders], file = 5: This must be text in quotes"),
    ('file = "orders.csv"', 'file = "a"\nsql = "b"',
     "[sources.orders]: There are both 'file' and 'sql'. Remove one of them."),
    ('file = "orders.csv"', 'decimal = ","', "[sources.orders]: There are no rows."),
    ('file = "orders.csv"', 'file = "a"\ndatabase = "b"', "[sources.orders]: A 'database' needs"),
    ('file = "orders.csv"', 'file = "a"\ncolumns = "b"',
     '[sources.orders], columns = "b": This must be a list in square brackets.'),
    ('file = "orders.csv"', 'file = "a"\ncolumns = ["b", 3]',
     "[sources.orders], columns[1] = 3: This must be text in quotes."),
    ('[case]\nkey', '[case]\ncurrency = "EUR"\nkey',
     '[case], currency = "EUR": This key belongs to the top of the file.'),
    ('[case]\nkey', '[case.outcomes]\nx = 1\n[case]\nkey',
     "[case.outcomes]: This table belongs to the top of the file. Call it [outcomes]."),
    ('customer = "customer"', 'customer = "custommer"',
     "[case], customer = \"custommer\": Nothing has this name. Did you mean 'customer'?"),
    ('country = "PL"', 'country = "Poland"',
     '[calendar], country = "Poland": No public holidays are known for this country.'),
    ("closed = [2026-05-02]", 'closed = [2026-05-02, "2026-05-04"]',
     '[calendar], closed[1] = "2026-05-04": This must be a day without quotes'),
    ('monday = "08:00-16:00"', 'mondy = "08:00-16:00"',
     "[calendar.hours], mondy = \"08:00-16:00\": There is no such key. Did you mean 'monday'?"),
    ('"08:00-12:00"', '"8-12"', '[calendar.hours], sunday[0] = "8-12": Write hours like "08:00-1'),
    ('"08:00-12:00"', '"23:00-23:30"',
     '[calendar.hours], sunday = ["23:00-23:30", "22:00-06:00"]: Two spans of working time over'),
    ('monday = "08:00-16:00"', 'monday = "05:00-16:00"',
     '[calendar.hours], sunday = ["08:00-12:00", "22:00-06:00"]: Two spans of working time over'),
    ('monday = "08:00-16:00", sunday = ["08:00-12:00", "22:00-06:00"]', "",
     "[calendar.hours]: There are no working hours."),
    ("hours = {", "ours = {", "[calendar]: The key 'hours' is missing. Add it."),
    ('source = "orders"', 'source = "rows"',
     '[[events]] no. 1, source = "rows": Nothing has this name. There are: orders.'),
    ('activity = "step"', 'activty = "step"',
     "[[events]] no. 1, activty = \"step\": There is no such key. Did you mean 'activity'?"),
    ('activity = "step"', 'activities = { a = "b" }', "[[events]] no. 1: A wide table has"),
    ('activity = "step"\n', "", "[[events]] no. 1: There are no events. Add 'activity' and 'time'"),
    ('activity = "step"\ntime = "at"', 'activities = { Pay = { start = "a", wo = "b" } }',
     "[events.activities.Pay] no. 1, wo = \"b\": There is no such key."),
    ('precision = "day"', 'precision = "week"',
     '[steps."Send order".due], precision = "week": Choose one of: moment, day.'),
    ("promised = true", "promised = 1",
     '[steps."Send order".due], promised = 1: This must be true or false.'),
    ("promised = true", 'source = "rows"',
     '[steps."Send order".due], source = "rows": Nothing has this name. There are: orders.'),
    ("promised = true", "on = 7",
     '[steps."Send order".due], on = 7: This must be a column in quotes, or pairs of columns'),
    ('department = "Logistics"', "target_hours = 0",
     '[steps."Send order"], target_hours = 0: This must be more than 0.'),
    ('department = "Logistics"', "target_hours = 8",
     "[steps.\"Send order\"]: There are both 'due' and 'target_hours'. Remove one of them."),
    ("low = 2", "low = 5", '[steps."Send order".minutes]: The amount must lie between'),
    ("low = 2", "low = nan", '[steps."Send order".minutes], low = nan: This must be a finite num'),
    ("amount = 4", 'amount = "4"',
     '[steps."Send order".minutes], amount = "4": This must be a number without quotes.'),
    ("[departments.Logistics]", "[departments]\nLogistics = 5\n[departments.Other]",
     "[departments], Logistics = 5: This must be a table."),
    ("[attributes.region]", "[attributes.case]", "[attributes.case]: The event log uses this na"),
    ("[attributes.region]", '[attributes."a.b"]', '[attributes."a.b"]: The name has a dot'),
    ("[outcomes.rating]", "[outcomes.region]", "[outcomes.region]: There is an attribute of th"),
    ("scale = [1, 5]\n", "", "[outcomes.rating]: A rating needs its scale."),
    ("scale = [1, 5]", "scale = [5, 1]", "[outcomes.rating], scale = [5, 1]: The lowest value"),
    ("scale = [1, 5]", "scale = [1]", "[outcomes.rating], scale = [1]: This must be two numbers"),
    ("scale = [1, 5]", "scale = [1, 2, 3]", "[outcomes.rating], scale = [1, 2, 3]: This must be "),
    ("scale = [1, 5]", "scale = 5", "[outcomes.rating], scale = 5: This must be two numbers"),
    ('kind = "rating"\n', "", "[outcomes.rating]: The key 'kind' is missing. Add it."),
    ('kind = "rating"', 'kind = "count"', "[outcomes.rating]: Only a rating has a scale."),
    ('column = "stars"\n', "", "[outcomes.rating]: A rating or an amount needs the key 'column'."),
    ('column = "stars"', 'column = "stars"\nyes = ["x"]', "[outcomes.rating]: Only an outcome of"),
    ("at_most = 2", "at_most = 2, at_least = 4",
     "[outcomes.rating.price]: There are both 'at_most' and 'at_least'. Remove one of them."),
    ("at_most = 2", "at_mots = 2",
     "[outcomes.rating.price], at_mots = 2: There is no such key. Did you mean 'at_most'?"),
    ('attribute = "region"', 'attribute = "regions"',
     "[levers.far], attribute = \"regions\": Nothing has this name. Did you mean 'region'?"),
    ('values = ["north"]', "", "[levers.far]: A lever needs a bound."),
    ('values = ["north"]', 'values = ["a"]\nat_least = 2', "[levers.far]: There are both 'at_le"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_names_file_table_key_value_and_remedy(read, old, new, said):
    with pytest.raises(WorkspaceError) as fault:
        read(old, new)
    assert any(said in line for line in str(fault.value).splitlines()), str(fault.value)
    for line in str(fault.value).splitlines():
        assert "zaplecze.toml" in line


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_told_in_three_languages(read, old, new, said):
    with pytest.raises(WorkspaceError) as fault:
        read(old, new)
    lines = [fault.value.in_language(language).splitlines() for language in LANGUAGES]
    for english, polish, ukrainian in zip(*lines, strict=True):
        assert len({english, polish, ukrainian}) == 3, english
        assert any("а" <= letter <= "я" for letter in ukrainian)


def test_polish_and_ukrainian_sentences_read_as_such(read):
    with pytest.raises(WorkspaceError) as fault:
        read("promised = true", "promised = 1")
    assert "musi być true albo false" in fault.value.in_language("pl")
    assert "має бути true або false" in fault.value.in_language("uk")


def test_all_faults_are_told_at_once(read):
    with pytest.raises(WorkspaceError) as fault:
        read(text=SHOP.replace("amount = 4", "amnt = 4").replace("[1, 5]", "[1]"))
    assert len(str(fault.value).splitlines()) == 3  # no amount, an unknown key, half a scale


def test_without_events_the_cases_need_a_source(read):
    events = '[[events]]\nsource = "orders"\nactivity = "step"\ntime = "at"\n'
    with pytest.raises(WorkspaceError, match=r"\[case\]: Without \[\[events\]\] the cases come"):
        read(events, "")


def test_tables_that_are_missing_are_named_as_tables(read):
    with pytest.raises(WorkspaceError, match=r"The table \[sources\] is missing. Add it."):
        read(text='name = "x"')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "a"\ncase', "line 2, case: The sign = is missing after the key. Add it."),
        ("name = Shop", "line 1, name = Shop: There is no valid value here. Put text in quotes."),
        ('a = ["b"', "A list is not closed. Add ]."),
        ("a = {b = 1", "A table in braces is not closed. Add }."),
        ('a = "b', "A text is not closed"),
        ('a = "C:\\data"', "A backslash stands alone."),
        ("a = 1\na = 2", "line 2, a = 2: This key is given twice. Remove one."),
        ("[a]\n[a]", "line 2, [a]: This table is given twice. Join the two."),
        ("a = {b = 1, b = 2}", "This key is given twice. Remove one."),
        ("a = 1 b = 2", "Something stands after the value. Move it to a line of its own."),
        ("a = " + "[" * 5000, "the brackets are nested too deeply"),
        ("a = " + "1" * 5000, "a number has thousands of digits"),
    ],
)  # fmt: skip
def test_what_is_not_toml_is_shown_with_its_line(read, text, said):
    with pytest.raises(WorkspaceError) as fault:
        read(text=text)
    assert said in str(fault.value)


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    (tmp_path / "old.toml").write_bytes('name = "x"\n# cafétéria'.encode("latin-1"))
    for name, said in [
        ("none.toml", "there is no such file"),
        ("", "this is a folder"),
        ("old.toml", "old.toml, line 2: this is not UTF-8"),
        ("\0", "cannot be read"),
    ]:
        with pytest.raises(WorkspaceError, match=said):
            load(Path(f"{tmp_path}/{name}"))


def _explanation(file: Path) -> str:
    """What is wrong with FILE, in Ukrainian; nothing when it can be read."""
    try:
        load(file)
    except WorkspaceError as fault:
        return fault.in_language("uk")
    return ""


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(string.printable, max_size=6)
    | st.sampled_from(["orders", "region", "rating", "yes_no", "day", "UTC", "[1, 5]"])
)
keys = st.sampled_from(
    sorted(
        {
            *Workspace.model_fields,
            *["file", "sql", "column", "kind", "scale", "amount", "on", "label", "due", "x"],
        }
    )
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(letter):04x}" for letter in value) + '"'
    return str(value).lower() if value is not None else "1979-05-27"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(sorted(tomllib.loads(SHOP))), value=documents)
def test_whatever_stands_in_a_table_is_read_or_explained(tmp_path, place, value):
    values = {key: _toml(part) for key, part in tomllib.loads(SHOP).items()}
    values[place] = _toml(value)
    file = tmp_path / "zaplecze.toml"
    file.write_text("\n".join(f"{key} = {part}" for key, part in values.items()), encoding="utf-8")
    for line in _explanation(file).splitlines():
        assert "zaplecze.toml" in line


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.text(max_size=20), at=st.integers(0, len(SHOP)), cut=st.integers(0, 30))
def test_whatever_text_a_file_holds_is_read_or_explained(tmp_path, junk, at, cut):
    file = tmp_path / "zaplecze.toml"
    file.write_bytes((SHOP[:at] + junk + SHOP[at + cut :]).encode("utf-8", "surrogatepass"))
    assert "Traceback" not in _explanation(file)
