"""Queries that a database answers."""

import sqlite3

import duckdb
import pytest
from tests.eventlog.desk import LONG, at, trail

from zaplecze.errors import InputError


def database(desk, url, query="SELECT * FROM log"):
    desk_toml = LONG.replace('file = "log.csv"', f'database = "{url}"\nsql = "{query}"')
    return desk.build(desk_toml)


def test_sqlite_is_read_whatever_is_in_its_columns(desk):
    with sqlite3.connect(desk.data / "crm.db") as crm:
        crm.execute('CREATE TABLE log ("case" INTEGER, activity TEXT, time TEXT)')
        crm.executemany(
            "INSERT INTO log VALUES (?, ?, ?)",
            [(n, "start", "2024-05-01") for n in range(3000)] + [("A7", "start", "2024-05-02")],
        )
    log = database(desk, "sqlite:///crm.db")
    assert log.info.cases == 3001
    assert trail(log)[-1] == ("A7", "start", at("2024-05-02 00:00"))


def test_duckdb_is_read(desk):
    with duckdb.connect(str(desk.data / "crm.duckdb")) as crm:
        crm.execute("CREATE TABLE log AS SELECT 'A' AS \"case\", 'x' AS activity, now() AS time")
    assert database(desk, "duckdb:///crm.duckdb").info.events == 1


@pytest.mark.parametrize("url", ["sqlite:///none.db", "duckdb:///none.duckdb", "sqlite:///../x.db"])
def test_a_missing_database_file_is_told(desk, url):
    with pytest.raises(InputError, match="there is no file"):
        database(desk, url)


def test_a_query_that_a_database_refuses_is_told(desk):
    sqlite3.connect(desk.data / "crm.db").close()
    with pytest.raises(InputError, match="the SQL query fails: no such table: log"):
        database(desk, "sqlite:///crm.db")


def test_an_unreachable_database_is_told_without_its_password(desk):
    pytest.importorskip("adbc_driver_postgresql")
    with pytest.raises(InputError, match="cannot be reached") as error:
        database(desk, "postgresql://ann:secret@127.0.0.1:1/crm")
    assert "secret" not in str(error.value)


def test_an_unknown_kind_of_database_is_told(desk):
    with pytest.raises(InputError, match="is of an unknown kind"):
        database(desk, "oracle://host/x")
