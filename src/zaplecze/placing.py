"""What is written takes its place whole, and what others keep there is never lost.

Results are made in a room, a hidden folder beside their place, and renamed into it at the end. The
owner of a room holds a lock on it: a room whose lock nobody holds was left by a program that was
killed. Whoever comes next puts back what it had moved aside and clears it away.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zaplecze.errors import InputError
from zaplecze.language import N_, say

if sys.platform != "win32":
    import fcntl

_PREFIX, _OWNER, _OLD = ".unfinished-", ".owner", "old-"

# What file managers leave in every folder that somebody has looked at.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@contextmanager
def room_in(parent: Path) -> Iterator[Path]:
    """A fresh folder in PARENT that goes away with the block.

    Rooms that a killed program left in PARENT go away too. Raises `InputError` where nothing can
    be written in PARENT.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        clear_abandoned(parent)
        room, lock = _own_room(parent)
    except OSError as error:
        raise not_writable(parent, error) from None
    try:
        yield room
    finally:
        os.close(lock)
        _discard(room)


def put_in_place(made: Path, place: Path, room: Path) -> None:
    """Rename MADE, which lies in ROOM, to PLACE; what was there goes away with ROOM.

    A failure or a kill between the two renames leaves, or brings back, what was there.
    """
    try:
        if made.is_dir() and place.is_dir():
            place.rename(room / (_OLD + place.name))
        os.replace(made, place)
    except OSError as error:
        raise not_writable(place, error) from None


def clear_abandoned(parent: Path) -> None:
    """Clear away the rooms in PARENT whose owners are gone."""
    if sys.platform == "win32":
        return
    for room in parent.glob(_PREFIX + "*"):
        if room.is_dir() and not room.is_symlink():
            # Others may clear the same room, or it may be another user's.
            with suppress(OSError):
                _clear(room)


@contextmanager
def new_file(place: Path) -> Iterator[Path]:
    """A path to write to; the file takes PLACE when the block ends well.

    Raises `InputError` where PLACE is a folder or cannot be written.
    """
    if place.is_dir():
        raise InputError(
            say(N_("{file}: this is a folder. Give the name of a file."), file=str(place))
        )
    with room_in(place.parent) as room:
        yield room / place.name
        put_in_place(room / place.name, place, room)


def check_is_folder(place: Path) -> None:
    """Raise `InputError` where PLACE is something else than a folder or nothing at all."""
    if (place.exists() or place.is_symlink()) and not place.is_dir():
        raise InputError(
            say(
                N_("{folder}: this is a file, and a folder is needed. Give another one with --out."),
                folder=str(place),
            )
        )  # fmt: skip


def entries(folder: Path) -> list[str]:
    """Names of what lies in FOLDER, but for what file managers leave; none where it is missing.

    Raises `InputError` where it cannot be read.
    """
    try:
        return sorted(each.name for each in folder.iterdir() if each.name not in _LITTER)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise not_writable(folder, error) from None


def occupied(folder: Path, found: list[str]) -> InputError:
    """FOLDER holds things that Zaplecze did not make there."""
    return InputError(
        say(
            N_(
                "{folder}: other things lie here already ({found}), and they would be lost. "
                "Give a new or an empty folder with --out, or move them away."
            ),
            folder=str(folder),
            found=", ".join(found[:5]) + (", …" if len(found) > 5 else ""),
        )
    )


def not_writable(place: Path, error: OSError) -> InputError:
    """ERROR came up while something was written to PLACE."""
    return InputError(
        say(
            N_("{folder}: cannot write there ({error}). Choose another place."),
            folder=str(place),
            error=error.strerror or str(error),
        )
    )


def _own_room(parent: Path) -> tuple[Path, int]:
    """A new room and its lock, which stays until the lock or the program ends."""
    while True:
        room = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        lock = os.open(room / _OWNER, os.O_RDWR | os.O_CREAT, 0o600)
        # Before it is locked somebody may take the room for an abandoned one and clear it.
        if _locks(lock) and (room / _OWNER).exists():
            return room, lock
        os.close(lock)


def _locks(file: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _clear(room: Path) -> None:
    if not (room / _OWNER).exists():
        # Its owner was killed, or has not locked it yet and will make another one.
        room.rmdir()
        return
    lock = os.open(room / _OWNER, os.O_RDWR)
    try:
        if _locks(lock):
            _discard(room)
    finally:
        os.close(lock)


def _discard(room: Path) -> None:
    """Delete ROOM, but first put back what was moved aside where nothing has come instead."""
    for old in room.glob(_OLD + "*"):
        place = room.parent / old.name.removeprefix(_OLD)
        if not place.exists():
            old.rename(place)
    # The lock last: by it the room is known, should a kill come in between.
    for entry in room.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != _OWNER:
            entry.unlink(missing_ok=True)
    shutil.rmtree(room, ignore_errors=True)
