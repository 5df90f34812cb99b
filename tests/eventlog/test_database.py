"""Queries that a database answers."""

import os
import shutil
import socket
import sqlite3
import subprocess
import time

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


@pytest.fixture(scope="module")
def mysql(tmp_path_factory):
    """The address of a server on this machine, with room for a database ``crm``."""
    if not (shutil.which("mariadbd") and shutil.which("mariadb-install-db")):
        pytest.skip("there is no MariaDB server here")
    pymysql = pytest.importorskip("pymysql")
    folder = tmp_path_factory.mktemp("mariadb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = ["--user=root"] if os.geteuid() == 0 else []
    where = ["--no-defaults", f"--datadir={folder / 'data'}", *user]
    subprocess.run(
        ["mariadb-install-db", *where, "--skip-test-db", "--auth-root-authentication-method=normal"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = subprocess.Popen(
        ["mariadbd", *where, f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}",
         f"--port={port}", "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=16M"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            if (folder / "pid").exists() or server.poll() is not None:
                break
            time.sleep(0.1)
        with pymysql.connect(unix_socket=str(folder / "s"), user="root") as root:
            cursor = root.cursor()
            cursor.execute("CREATE DATABASE crm CHARACTER SET utf8mb4")
            cursor.execute("GRANT ALL ON crm.* TO ann@'127.0.0.1' IDENTIFIED BY 'p@ss/word'")
            cursor.execute("USE crm")
            cursor.execute(
                "CREATE TABLE log (`case` BIGINT UNSIGNED, activity VARCHAR(20), time DATETIME(3), "
                "price DECIMAL(10,2), photo BLOB)"
            )
            cursor.executemany(
                "INSERT INTO log VALUES (%s, %s, %s, %s, %s)",
                [(n // 2, "dzwonek żółć", f"2024-05-01 10:00:{n % 60:02}.250", 0.5, None)
                 for n in range(200)]
                + [(2**64 - 1, "дзвінок", "2024-05-02 10:00:00", None, b"\x00\xff")],
            )  # fmt: skip
            root.commit()
        yield f"mysql://ann:p%40ss%2Fword@127.0.0.1:{port}/crm"
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.long
def test_mysql_is_read_in_batches_with_its_numbers(desk, mysql, monkeypatch):
    monkeypatch.setattr("zaplecze.eventlog.database._BATCH_ROWS", 64)
    log = database(desk, mysql)
    assert (log.info.cases, log.info.events) == (101, 201)
    assert trail(log)[-1] == (str(2**64 - 1), "дзвінок", at("2024-05-02 10:00"))
    assert trail(log)[0] == ("0", "dzwonek żółć", at("2024-05-01 10:00:00.250"))
    priced = database(desk, mysql, "SELECT `case`, activity, time, price * 2 AS price FROM log")
    assert priced.info.cases == 101


@pytest.mark.long
def test_mysql_is_never_written_to(desk, mysql):
    with pytest.raises(InputError, match=r"the SQL query fails: .*READ ONLY"):
        database(desk, mysql, "DELETE FROM log")


@pytest.mark.long
def test_faults_of_mysql_are_told_without_password_and_number(desk, mysql):
    with pytest.raises(
        InputError, match=r"the SQL query fails: Table 'crm\.nothing' doesn't exist"
    ):
        database(desk, mysql, "SELECT * FROM nothing")
    with pytest.raises(InputError, match="cannot be reached: Access denied for user") as told:
        database(desk, mysql.replace("word", "gues"))
    assert "p%40ss" not in str(told.value)


def test_an_unreachable_mysql_is_told(desk):
    pytest.importorskip("pymysql")
    with pytest.raises(InputError, match="cannot be reached: Can't connect") as told:
        database(desk, "mysql://ann:secret@127.0.0.1:1/crm")
    assert "secret" not in str(told.value)


def test_an_unknown_kind_of_database_is_told(desk):
    with pytest.raises(InputError, match="is of an unknown kind"):
        database(desk, "oracle://host/x")
