import pytest
from tests.eventlog.desk import ask, at, refusals

from zaplecze.errors import InputError

ORDERS = """
name = "Test"
[sources.orders]
file = "orders.csv"
[sources.items]
file = "items.csv"
[sources.customers]
file = "customers.csv"
[case]
source = "orders"
key = "id"
[[events]]
source = "orders"
activities = { Sold = "sold", Sent = "sent" }
"""


@pytest.fixture
def shop(desk):
    """Three orders, their items, their customers; import with further TOML, ask for columns."""
    desk.write(
        "orders.csv",
        "id,sold,sent,customer,due\n"
        "1,2024-05-01,2024-05-03,70,2024-05-03\n"
        "2,2024-05-01,2024-05-03,70,2024-05-02\n"
        "3,2024-05-01,,71,\n",
    )
    desk.write(
        "items.csv",
        "order,price,kind,paid\n"
        '1,"10,5",b,2024-05-02\n'
        '1,"2,5",a,2024-05-01\n'
        "1,,a,\n"
        "2,4,b,2024-05-03\n",
    )
    desk.write("customers.csv", "number,since,town\n70,2020-01-01,Lviv\n71,2021-01-01,\n99,,Łódź\n")

    def run(extra, columns=None):
        log = desk.build(ORDERS.replace('"items.csv"', '"items.csv"\ndecimal = ","') + extra)
        return log if columns is None else ask(log, f"SELECT {columns} FROM cases")

    return run


@pytest.mark.parametrize(
    ("aggregate", "column", "values"),
    [
        ("first", "price", [10.5, 4.0, None]),
        ("last", "price", [2.5, 4.0, None]),
        ("min", "price", [2.5, 4.0, None]),
        ("max", "price", [10.5, 4.0, None]),
        ("sum", "price", [13.0, 4.0, None]),
        ("mean", "price", [6.5, 4.0, None]),
        ("count", "price", [2.0, 1.0, 0.0]),
        ("distinct", "kind", [2.0, 1.0, 0.0]),
        ("mode", "kind", ["a", "b", None]),
        ("first", "kind", ["b", "b", None]),
        ("min", "kind", ["a", "b", None]),
        ("max", "paid", [at("2024-05-02"), at("2024-05-03"), None]),
    ],
)
def test_several_rows_become_one_value(shop, aggregate, column, values):
    kind = 'kind = "time"' if column == "paid" else ""
    table = '[attributes.x]\nsource = "items"\non = "order"\n'
    found = shop(f'{table}column = "{column}"\naggregate = "{aggregate}"\n{kind}', "x")
    assert [value for (value,) in found] == values


def test_a_count_without_a_column_counts_rows(shop):
    table = '[attributes.x]\nsource = "items"\non = "order"\naggregate = "count"'
    assert shop(table, "x") == [(3.0,), (1.0,), (0.0,)]


def test_the_mode_of_equally_common_values_is_the_first(desk, shop):
    desk.write("items.csv", "order,kind\n1,z\n1,a\n1,a\n1,z\n")
    table = '[attributes.x]\nsource = "items"\non = "order"\ncolumn = "kind"\naggregate = "mode"'
    assert shop(table, "x")[0] == ("z",)


def test_a_value_is_looked_up_through_a_column_of_the_case(shop):
    table = '[attributes.town]\nsource = "customers"\non = { number = "customer" }'
    assert shop(table, "town") == [("Lviv",), ("Lviv",), (None,)]


def test_rows_in_which_nothing_is_looked_up_are_listed(desk, shop):
    desk.write("customers.csv", "number,town\n70,Lviv\n71,Kyiv\n99,Łódź\n,Gdynia\n")
    log = shop('[attributes.town]\nsource = "customers"\non = { number = "customer" }')
    assert refusals(log) == [
        ("customers", 3, "unreferenced", "number", "99", None),
        ("customers", 4, "no_case", "number", None, None),
    ]


def test_a_row_that_is_looked_up_for_many_cases_is_refused_once(desk, shop):
    desk.write("customers.csv", "number,town\n70,Lviv\n70,Lviv\n70,Kyiv\n71,\n")
    log = shop('[attributes.town]\nsource = "customers"\non = { number = "customer" }')
    assert ask(log, "SELECT town FROM cases") == [("Lviv",), ("Lviv",), (None,)]
    assert refusals(log) == [
        ("customers", 2, "duplicate", "number", "70", None),
        ("customers", 3, "duplicate_key", "town", "Kyiv", None),
    ]


def test_a_row_of_which_something_is_used_is_not_refused(desk, shop):
    desk.write("items.csv", "order,price,kind\n1,3,a\n1,4,a\n2,5,\n2,,b\n")
    kind = '[attributes.kind]\nsource = "items"\non = "order"\n'
    price = '[attributes.price]\nsource = "items"\non = "order"\naggregate = "sum"\n'
    log = shop(kind + price)
    assert ask(log, "SELECT kind, price FROM cases") == [("a", 7.0), ("b", 5.0), (None, None)]
    assert refusals(log) == []
    assert refusals(shop(kind)) == [("items", 2, "duplicate", "order", "1", "1")]


def test_an_event_that_is_refused_as_a_repetition_gives_no_value(imported):
    log = imported(
        "case,activity,time,number,cost\nA,x,2024-05-01,1,10\nA,y,2024-05-02,2,5\n"
        "A,x,2024-05-01,1,10\n",
        'id = "number"\n[attributes.cost]\naggregate = "sum"\n',
    )
    assert ask(log, "SELECT cost FROM cases") == [(15.0,)]
    assert refusals(log) == [("log", 3, "duplicate", "number", "1", "A")]


def test_a_look_up_needs_a_table_of_cases(desk):
    desk.write("orders.csv", "id,sold\n1,2024-05-01\n")
    toml = ORDERS[: ORDERS.index("[sources.items]")] + (
        '[case]\nkey = "id"\n[[events]]\nsource = "orders"\nactivities = { Sold = "sold" }\n'
        '[attributes.town]\non = { id = "id" }\n'
    )
    with pytest.raises(InputError, match=r"\[attributes\.town\], on: .* needs a table of cases"):
        desk.build(toml)


@pytest.mark.parametrize(
    ("extra", "kind", "values"),
    [
        ("", "number", [70.0, 70.0, 71.0]),
        ('kind = "category"', "category", ["70", "70", "71"]),
        ('aggregate = "distinct"', "number", [1.0, 1.0, 1.0]),
    ],
)
def test_the_kind_of_an_attribute_is_seen_or_declared(shop, extra, kind, values):
    log = shop(f"[attributes.customer]\n{extra}")
    assert log.info.attributes == {"customer": kind}
    assert [value for (value,) in ask(log, "SELECT customer FROM cases")] == values


def test_the_customer_is_a_name_even_if_it_is_a_number(desk, shop):
    toml = ORDERS.replace('key = "id"', 'key = "id"\ncustomer = "customer"')
    assert desk.build(toml + "[attributes.customer]").info.attributes == {"customer": "category"}


def test_one_word_among_numbers_makes_a_category(desk, shop):
    desk.write("customers.csv", "number,score\n70,5\n71,unknown\n")
    table = '[attributes.score]\nsource = "customers"\non = { number = "customer" }\n'
    assert shop(table, "score") == [("5",), ("5",), ("unknown",)]
    log = shop(table + 'kind = "number"\n')
    assert ask(log, "SELECT score FROM cases") == [(5.0,), (5.0,), (None,)]
    assert refusals(log) == [("customers", 2, "unreadable_number", "score", "unknown", None)]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[attributes.town]\nsource = "customers"\non = { number = "customer" }\naggregate = "sum"\n'
         'kind = "category"', "'sum' does not go with values of the kind 'category'"),
        ('[steps.Sent.due]\ncolumn = "due"\naggregate = "count"', "'count' does not go with"),
        ('[attributes.x]\nsource = "items"\non = "ordre"', "no column 'ordre'. Did you mean 'order'"),
        ('[attributes.x]\nsource = "customers"\non = { nmber = "customer" }', "mean 'number'"),
        ('[attributes.x]\nsource = "customers"\non = { number = "custmer" }', "mean 'customer'"),
        ("[attributes.Start]\ncolumn = 'sold'", "The name 'Start' of an attribute or outcome"),
        ("[attributes.custmer]", "no column 'custmer'. Did you mean 'customer'"),
        ('[outcomes.y]\nkind = "yes_no"', "give a 'column', or a 'source'"),
        ('[steps.Sent.due]\nsource = "items"\non = "order"', "name the 'column' that says when"),
    ],
)  # fmt: skip
def test_mistakes_of_the_workspace_are_told(shop, table, message):
    with pytest.raises(InputError) as error:
        shop(table)
    assert message in str(error.value)


def test_a_row_repeated_without_aggregate_is_refused(desk, shop):
    desk.write("items.csv", "order,price,kind\n1,3,a\n1,3,a\n1,4,a\n2,5,\n2,,b\n")
    table = '[attributes.{0}]\nsource = "items"\non = "order"\n'
    log = shop(table.format("price") + table.format("kind"))
    assert ask(log, "SELECT price, kind FROM cases") == [(3.0, "a"), (5.0, "b"), (None, None)]
    assert refusals(log) == [
        ("items", 2, "duplicate", "order", "1", "1"),
        ("items", 3, "duplicate_key", "price", "4", "1"),
    ]


def test_rows_that_are_events_do_not_repeat_a_value_but_may_contradict_it(imported):
    log = imported(
        "case,activity,time,town\nA,x,2024-05-01,Lviv\nA,y,2024-05-02,Lviv\nA,z,2024-05-03,Kyiv\n",
        "[attributes.town]\n",
    )
    assert ask(log, "SELECT town FROM cases") == [("Lviv",)]
    assert refusals(log) == [("log", 3, "duplicate_key", "town", "Kyiv", "A")]


@pytest.mark.long
def test_a_due_day_lasts_to_its_end_and_a_due_moment_does_not(shop):
    late = 'epoch_ms("due.Sent" - (SELECT max("end") FROM events e WHERE e."case" = cases."case"))'
    moment = shop('[steps.Sent.due]\ncolumn = "due"', f'"due.Sent", {late} < 0')
    assert moment[:2] == [(at("2024-05-03"), False), (at("2024-05-02"), True)]
    day = shop('[steps.Sent.due]\ncolumn = "due"\nprecision = "day"', '"due.Sent"')
    assert day == [
        (at("2024-05-03 23:59:59.999999"),), (at("2024-05-02 23:59:59.999999"),), (None,),
    ]  # fmt: skip


def test_a_due_day_is_a_day_of_the_company(desk, shop):
    desk.write("orders.csv", "id,sold,sent,customer,due\n1,2024-10-26,,70,2024-10-27\n")
    toml = ORDERS.replace("[sources.orders]", 'time_zone = "Europe/Warsaw"\n[sources.orders]')
    log = desk.build(toml + '[steps.Sent.due]\ncolumn = "due"\nprecision = "day"')
    # Clocks go back that day, which has 25 hours.
    assert ask(log, 'SELECT "due.Sent" FROM cases') == [(at("2024-10-27 22:59:59.999999"),)]


def test_a_rating_has_the_time_of_its_first_answer(desk, shop):
    desk.write(
        "items.csv",
        "order,stars,answered\n1,4,2024-06-02\n1,5,2024-06-01\n2,,2024-06-03\n2,1,2024-06-04\n"
        "3,9,2024-06-05\n",
    )
    table = (
        '[outcomes.rating]\nkind = "rating"\nsource = "items"\non = "order"\ncolumn = "stars"\n'
        'time = "answered"\nscale = [1, 5]\naggregate = "mean"\n'
    )
    log = shop(table)
    assert ask(log, 'SELECT rating, "rating.time" FROM cases') == [
        (4.5, at("2024-06-01")), (1.0, at("2024-06-04")), (None, None),
    ]  # fmt: skip
    assert refusals(log) == [("items", 5, "outside_scale", "stars", "9", "3")]
    assert log.info.outcomes == {"rating": "rating"}


@pytest.mark.parametrize(
    ("kind", "answers", "message"),
    [
        ('"rating"\nscale = [1, 5]', "87 90 77 3x",
         r"\[outcomes\.y\]: 4 of 4 values of the column 'y' in items\.csv lie outside the scale "
         r"from 1 to 5, for example '87' in row 1\. Which scale"),
        ('"amount"', "a b c", "3 of 3 values .* are no numbers, for example 'a' in row 1"),
        ('"yes_no"', "R S R", r"3 of 3 values .* neither a yes nor a no.*yes = \[\"…\"\]"),
    ],
)  # fmt: skip
def test_values_of_which_hardly_any_is_usable_stop_the_import(desk, shop, kind, answers, message):
    rows = "".join(f"{n % 3 + 1},{answer}\n" for n, answer in enumerate(answers.split()))
    desk.write("items.csv", "order,y\n" + rows)
    table = '[outcomes.y]\nsource = "items"\non = "order"\ncolumn = "y"\naggregate = "max"\n'
    with pytest.raises(InputError, match=message):
        shop(f"{table}kind = {kind}")


def test_one_answer_outside_the_scale_is_a_slip(desk, shop):
    desk.write("items.csv", "order,y\n1,6\n")
    log = shop('[outcomes.y]\nsource="items"\non="order"\ncolumn="y"\nkind="rating"\nscale=[1, 5]')
    assert [row[1:3] for row in refusals(log)] == [(1, "outside_scale")]


@pytest.mark.parametrize("on", ['"order"', '{ order = "id" }'])
def test_a_table_of_which_no_row_belongs_to_a_case_stops_the_import(desk, shop, on):
    desk.write("items.csv", "order,kind\n0001,a\n0002,b\n")
    with pytest.raises(InputError) as error:
        shop(f'[attributes.kind]\nsource = "items"\non = {on}\n')
    assert str(error.value).startswith(
        "[attributes.kind], on: no row of items.csv belongs to a case. Its column 'order' has "
        "values like '0001', '0002', and the cases have '1', '2', '3'."
    )


@pytest.mark.parametrize(
    ("extra", "values"),
    [
        ("", [(0.0, None), (1.0, at("2024-06-04")), (None, None)]),
        ('aggregate = "first"', [(0.0, at("2024-06-02")), (0.0, at("2024-06-03")), (None, None)]),
        ('aggregate = "last"', [(0.0, at("2024-06-01")), (1.0, at("2024-06-04")), (None, None)]),
    ],
)
def test_a_yes_among_answers_is_a_yes_from_its_own_time(desk, shop, extra, values):
    desk.write(
        "items.csv",
        "order,left,when\n1,No,2024-06-02\n1,No,2024-06-01\n2,No,2024-06-03\n2,Yes,2024-06-04\n",
    )
    table = (
        '[outcomes.gone]\nkind = "yes_no"\nsource = "items"\non = "order"\ncolumn = "left"\n'
        f'yes = ["Yes"]\ntime = "when"\n{extra}'
    )
    found = shop(table, 'gone, "gone.time"')
    assert found[1:] == values[1:]
    assert found[0] == (0.0, values[0][1] or at("2024-06-01"))


def test_without_a_column_a_row_is_a_yes_and_none_is_a_no(desk, shop):
    desk.write("items.csv", "order,when\n2,2024-06-03\n2,2024-06-02\n4,2024-06-01\n,2024-06-01\n")
    table = '[outcomes.complaint]\nkind = "yes_no"\nsource = "items"\non = "order"\ntime = "when"'
    log = shop(table)
    assert ask(log, 'SELECT complaint, "complaint.time" FROM cases') == [
        (0.0, None), (1.0, at("2024-06-02")), (0.0, None),
    ]  # fmt: skip
    assert refusals(log) == [
        ("items", 3, "unknown_case", "order", "4", "4"),
        ("items", 4, "no_case", "order", None, None),
    ]


def test_contacts_are_counted_and_amounts_read(shop):
    table = '[outcomes.{0}]\nkind = "{1}"\nsource = "items"\non = "order"\n{2}'
    calls = table.format("calls", "count", "")
    spent = table.format("spent", "amount", 'column = "price"\naggregate = "sum"')
    assert shop(calls + "\n" + spent, "calls, spent") == [(3.0, 13.0), (1.0, 4.0), (0.0, None)]


def test_an_outcome_time_that_cannot_be_read_leaves_the_outcome(desk, shop):
    desk.write("items.csv", "order,stars,when\n1,4,2024-06-01\n2,5,soon\n")
    table = (
        '[outcomes.stars]\nkind = "rating"\nsource = "items"\non = "order"\ncolumn = "stars"\n'
        'time = "when"\nscale = [1, 5]'
    )
    log = shop(table)
    assert ask(log, 'SELECT stars, "stars.time" FROM cases')[1] == (5.0, None)
    assert refusals(log) == [("items", 2, "unreadable_time", "when", "soon", "2")]


def test_a_case_table_without_events_gives_cases(desk):
    desk.write("orders.csv", "id,sold\n1,2024-05-01\n2,2024-05-01\n")
    log = desk.build(
        'name = "T"\n[sources.orders]\nfile = "orders.csv"\n[case]\nsource = "orders"\nkey = "id"\n'
    )
    assert (log.info.cases, log.info.events, log.info.start) == (2, 0, None)
    assert ask(log, "SELECT case_id, events, rework, handovers, variant FROM cases") == [
        ("1", 0, 0, 0, None), ("2", 0, 0, 0, None),
    ]  # fmt: skip
    assert ask(log, "SELECT count(*) FROM events") == [(0,)]
