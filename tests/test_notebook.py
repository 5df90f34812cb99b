"""What a notebook imports: the names of the package, a log for the length of a program, the scripts."""

import runpy
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from tests.conftest import ROOT

import zaplecze
from zaplecze.errors import InputError
from zaplecze.workspace import load

SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
QUICK = {"receipt_coselog"}


def test_every_name_is_found_where_a_room_keeps_it():
    for name in zaplecze.__all__:
        assert getattr(zaplecze, name) is not None
    assert set(zaplecze.__all__) == set(dir(zaplecze))


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError, match="no attribute 'grpah'"):
        zaplecze.grpah  # noqa: B018


def test_the_package_alone_loads_no_engine():
    program = "import sys, zaplecze; print(sorted({'duckdb', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_table_in_memory_becomes_a_log():
    table = pa.table(
        {
            "order": ["1", "1", "2"],
            "step": ["Pack", "Send", "Pack"],
            "at": ["2026-01-05 08:00", "2026-01-05 10:00", "2026-01-06 08:00"],
        }
    )
    log = zaplecze.read(table, case="order", activity="step", time="at")
    assert (log.info.cases, log.info.events) == (2, 3)
    assert [(edge.source, edge.target) for edge in zaplecze.graph(log).edges] == [("Pack", "Send")]


@pytest.mark.long
def test_two_logs_do_not_disturb_each_other(tmp_path):
    file = tmp_path / "log.csv"
    file.write_text("case,step,time\n1,A,2026-01-05\n", encoding="utf-8")
    columns = {"case": "case", "activity": "step", "time": "time"}
    first = zaplecze.read(file, **columns)
    file.write_text("case,step,time\n1,A,2026-01-05\n2,A,2026-01-05\n", encoding="utf-8")
    second = zaplecze.read(str(file), **columns)
    assert (first.info.cases, second.info.cases) == (1, 2)
    assert zaplecze.variants(first).cases == 1


def test_a_workspace_needs_the_folder_of_its_data():
    workspace = load(ROOT / "examples" / "helpdesk-italian.toml")
    with pytest.raises(InputError, match="folder of its data"):
        zaplecze.read(workspace)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(path, marks=() if path.stem in QUICK else pytest.mark.long, id=path.stem)
        for path in SCRIPTS
    ],
)
def test_a_script_shows_the_library_in_some_ten_lines(
    script: Path, shared_data, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(script), str(shared_data)])
    runpy.run_path(str(script))
    assert len(capsys.readouterr().out.splitlines()) >= 3
