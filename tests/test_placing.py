import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from zaplecze.errors import InputError
from zaplecze.placing import clear_abandoned, new_file, put_in_place, room_in

# A program that stops itself at a chosen line: argument 1 is where, argument 2 the folder.
KILLED = """
import os, signal, sys
from pathlib import Path
from zaplecze import placing
place = Path(sys.argv[2]) / "place"
def stop(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "unlocked":
    placing._locks = stop
if sys.argv[1] == "clearing":
    placing.shutil.rmtree = stop
if sys.argv[1] == "between":
    placing.os.replace = stop
with placing.room_in(place.parent) as room:
    made = room / "made"
    made.mkdir()
    (made / "content").write_text("new")
    if sys.argv[1] == "made":
        stop()
    placing.put_in_place(made, place, room)
    if sys.argv[1] == "after":
        stop()
"""


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "content").write_text("old")
    return folder


def exchange(place: Path) -> None:
    with room_in(place.parent) as room:
        (room / "made").mkdir()
        put_in_place(room / "made", place, room)


def write_half(place: Path) -> None:
    with new_file(place) as path:
        path.write_text("half")
        raise ZeroDivisionError


def kill(when: str, place: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, when, place.parent], check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("when", "content"),
    [
        ("unlocked", "old"),
        ("made", "old"),
        ("between", "old"),
        ("after", "new"),
        ("clearing", "new"),
    ],
)
def test_after_a_kill_the_old_or_the_new_is_there_and_nothing_else(place, when, content):
    kill(when, place)
    assert any(name.startswith(".unfinished-") for name in os.listdir(place.parent))
    clear_abandoned(place.parent)
    assert os.listdir(place.parent) == ["place"]
    assert (place / "content").read_text() == content


def test_a_room_whose_owner_lives_is_left_alone(tmp_path):
    with room_in(tmp_path) as room:
        (room / "work").write_text("going on")
        with room_in(tmp_path) as other:
            assert other != room
        assert (room / "work").read_text() == "going on"
    assert os.listdir(tmp_path) == []


def test_folders_of_others_with_a_similar_name_are_left_alone(tmp_path):
    (tmp_path / ".unfinished-novel").mkdir()
    (tmp_path / ".unfinished-novel" / "chapter 1").write_text("It was")
    (tmp_path / ".unfinished-link").symlink_to(tmp_path / ".unfinished-novel")
    with room_in(tmp_path):
        pass
    assert (tmp_path / ".unfinished-link" / "chapter 1").read_text() == "It was"


def test_an_interruption_between_moving_aside_and_putting_in_place_brings_the_old_back(
    place, monkeypatch
):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("zaplecze.placing.os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        exchange(place)
    assert (place / "content").read_text() == "old"
    assert os.listdir(place.parent) == ["place"]


def test_a_file_takes_its_place_only_when_it_is_whole(tmp_path):
    target = tmp_path / "map.svg"
    with new_file(target) as path:
        path.write_text("first")
    with pytest.raises(ZeroDivisionError):
        write_half(target)
    assert target.read_text() == "first"
    assert os.listdir(tmp_path) == ["map.svg"]


def test_a_file_is_not_put_where_a_folder_is(place):
    with pytest.raises(InputError, match="this is a folder"), new_file(place) as path:
        path.write_text("new")
    assert (place / "content").read_text() == "old"
