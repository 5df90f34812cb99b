"""The files that ``zaplecze run`` leaves behind, read with care: people move and edit them."""

import functools
from pathlib import Path

from zaplecze.chain import FINDINGS, FOLLOWED, GRAPH, LOG, Run, load_run
from zaplecze.eventlog import EventLog, open_log

_OFFICE = "application/vnd.openxmlformats-officedocument."

DOWNLOADS = {
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "report.pptx": f"{_OFFICE}presentationml.presentation",
    "findings.xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "case.xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "process.svg": "image/svg+xml",
    FINDINGS: "application/json",
}

Stamp = tuple[int, int] | None
Stamps = tuple[Stamp, ...]


def load(folder: Path) -> Run:
    """Findings and process in FOLDER, read again only when the files have changed.

    Raises `InputError` where they are missing or damaged.
    """
    return _load(folder, stamps(folder))


def stamps(folder: Path) -> Stamps:
    """What tells one state of FOLDER from the next, without reading it."""
    return tuple(_stamp(folder / name) for name in (FINDINGS, GRAPH, FOLLOWED))


def load_log(folder: Path) -> EventLog:
    """The event log in FOLDER. Raises `InputError` where it is missing."""
    return open_log(folder / LOG)


def result_folders(folder: Path) -> list[Path]:
    """FOLDER itself when it holds findings, else the folders in it that do."""
    if (folder / FINDINGS).is_file():
        return [folder]
    if not folder.is_dir():
        return []
    return sorted(child for child in folder.iterdir() if (child / FINDINGS).is_file())


def download(folder: Path, name: str) -> Path | None:
    """The file NAME in FOLDER, if it is one that people may take along and is really in there."""
    if name not in DOWNLOADS:
        return None
    file = (folder / name).resolve()
    return file if file.is_file() and file.parent == folder.resolve() else None


@functools.lru_cache(maxsize=16)
def _load(folder: Path, state: Stamps) -> Run:
    return load_run(folder)


def _stamp(file: Path) -> Stamp:
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
