"""``zaplecze doctor``: is everything here that the program needs, and what to do if not."""

import hashlib
import os
import platform
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Literal

import typer

from zaplecze import __version__
from zaplecze.cli import console
from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES, LOCALE, N_, Text, number, say

State = Literal["ok", "warning", "fault"]

PACKAGE = Path(__file__).resolve().parents[1]
PARTS = (
    "duckdb",
    "narwhals",
    "pyarrow",
    "numpy",
    "scipy",
    "lightgbm",
    "pydantic",
    "typst",
    "django",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox")
GIGABYTE = 1e9


@dataclass(frozen=True)
class Check:
    """What was looked at, how it stands, and what to do about it if it is not well."""

    name: str
    state: State
    text: Text


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=N_("Print the checks as JSON."))] = False,
) -> None:
    """Check the installation and this machine.

    Exit code 1 when something is missing without which Zaplecze does not work.
    """
    checks = list(examine())
    if as_json:
        console.print_json(
            {"checks": [{"name": c.name, "state": c.state, "text": c.text} for c in checks]}
        )
    else:
        _print(checks)
    if any(check.state == "fault" for check in checks):
        raise typer.Exit(1)


def examine() -> Iterator[Check]:
    """All checks, one after the other; a check that breaks down is a fault itself."""
    for look in (
        versions,
        engine,
        cluster,
        learner,
        disk,
        memory,
        vendored,
        catalogues,
        home,
        browser,
    ):
        try:
            yield from look()
        except Exception as error:
            text = say(
                N_("The check broke down: {error}."), error=f"{type(error).__name__}: {error}"
            )
            yield Check(look.__name__, "fault", text)


def versions() -> Iterator[Check]:
    """Zaplecze, Python and the packages that do the work."""
    yield Check("zaplecze", "ok", say(N_("Version {version}."), version=__version__))
    yield Check("python", "ok", say(N_("Version {version}."), version=platform.python_version()))
    for part in PARTS:
        try:
            yield Check(part, "ok", say(N_("Version {version}."), version=version(part)))
        except PackageNotFoundError:
            missing = say(N_("Not installed. Install Zaplecze again, with 'make setup'."))
            yield Check(part, "fault", missing)


def engine() -> Iterator[Check]:
    """Does the query engine answer, and answer rightly?"""
    import duckdb
    import narwhals as nw

    connection = duckdb.connect()
    numbers: nw.LazyFrame[duckdb.DuckDBPyRelation] = nw.from_native(
        connection.sql("SELECT range AS number FROM range(1001)")
    )
    total = numbers.select(nw.col("number").sum()).collect().item()
    connection.close()
    if total == 500_500:
        yield Check("engine", "ok", say(N_("The query engine answers.")))
    else:
        yield Check(
            "engine", "fault", say(N_("The query engine answers wrongly. Install it again."))
        )


def cluster() -> Iterator[Check]:
    """Where are logs imported and asked: here, or on a cluster that answers?"""
    from zaplecze.eventlog.engine import in_force

    try:
        chosen = in_force()
        if chosen is None:
            yield Check("cluster", "ok", say(N_("Logs are imported and asked on this machine.")))
            return
        answering = chosen.version
    except InputError as error:
        yield Check("cluster", "fault", error.text)
        return
    text = N_("Large files are imported, and logs asked, by Spark {version} at {url}.")
    yield Check("cluster", "ok", say(text, version=answering, url=str(chosen)))


def learner() -> Iterator[Check]:
    """Does LightGBM load? On bare machines its OpenMP library is missing."""
    from zaplecze.impact.learner import load_lightgbm

    try:
        load_lightgbm()
    except InputError as error:
        yield Check("learner", "fault", error.text)
    else:
        yield Check("learner", "ok", say(N_("The learner loads.")))


def disk() -> Iterator[Check]:
    """Room for temporary files."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    words: dict[str, Text | str | int] = {"folder": folder, "free": number(free / GIGABYTE, 1)}
    if free >= 5 * GIGABYTE:
        yield Check("disk", "ok", say(N_("{free} GB free in {folder}."), **words))
        return
    text = say(
        N_("Only {free} GB free in {folder}. Make room, or set TMPDIR to a folder that has more."),
        **words,
    )
    yield Check("disk", "warning" if free >= 0.5 * GIGABYTE else "fault", text)


def memory() -> Iterator[Check]:
    """Memory that is free to use."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    lines = Path("/proc/meminfo")
    if lines.is_file():
        values = dict(line.split(":", 1) for line in lines.read_text().splitlines())
        free = int(values["MemAvailable"].split()[0]) * 1024
    words = {"free": number(free / GIGABYTE, 1)}
    if free >= 1.5 * GIGABYTE:
        yield Check("memory", "ok", say(N_("{free} GB of memory free."), **words))
    else:
        text = say(N_("Only {free} GB of memory free. Close other programs."), **words)
        yield Check("memory", "warning", text)


def vendored() -> Iterator[Check]:
    """Fonts, styles and scripts of others that are shipped with the program: all as delivered?"""
    broken = [
        str(path.relative_to(PACKAGE)) for path, intact in vendored_files(PACKAGE) if not intact
    ]
    if broken:
        text = say(
            N_("Missing or changed: {files}. Install Zaplecze again."), files=", ".join(broken)
        )
        yield Check("files", "fault", text)
    else:
        yield Check("files", "ok", say(N_("Fonts, styles and scripts are as delivered.")))


def vendored_files(root: Path) -> Iterator[tuple[Path, bool]]:
    """Every file that a VENDOR.toml under ROOT names, and whether its SHA-256 still holds."""
    for listing in sorted(root.rglob("VENDOR.toml")):
        for package in tomllib.loads(listing.read_text(encoding="utf-8"))["package"]:
            for name, wanted in package["sha256"].items():
                path = listing.parent / name
                held = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wanted
                yield path, held


def catalogues() -> Iterator[Check]:
    """Is every sentence there in every language?"""
    from babel.messages.pofile import read_po

    for language in LANGUAGES[1:]:
        source = LOCALE / language / "LC_MESSAGES" / "zaplecze.po"
        with source.open("rb") as stream:
            messages = [message for message in read_po(stream, locale=language) if message.id]
        done = sum(bool(message.string) and not message.fuzzy for message in messages)
        words = {"done": done, "all": len(messages)}
        name = f"language-{language}"
        if not source.with_suffix(".mo").is_file():
            text = say(N_("The catalogue is not compiled. Install Zaplecze again."))
            yield Check(name, "fault", text)
        elif done < len(messages):
            text = say(N_("{done} of {all} messages are translated; the rest is English."), **words)
            yield Check(name, "warning", text)
        else:
            yield Check(name, "ok", say(N_("All {all} messages are translated."), **words))


def home() -> Iterator[Check]:
    """The folder of the web application: can its database be written?"""
    from zaplecze.web.home import home as folder_of_the_database

    folder = folder_of_the_database()
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    database = folder / "zaplecze.sqlite3"
    if os.access(database if database.exists() else existing, os.W_OK):
        yield Check("home", "ok", say(N_("{folder} can be written."), folder=str(folder)))
        return
    text = say(
        N_("{folder} cannot be written. Set ZAPLECZE_HOME to a folder that can."),
        folder=str(folder),
    )
    yield Check("home", "fault", text)


def browser() -> Iterator[Check]:
    """A browser, for those who read the results on this machine."""
    if found := next(filter(shutil.which, BROWSERS), None):
        yield Check("browser", "ok", say(N_("{browser} is here."), browser=found))
    else:
        text = say(N_("No browser here. Open the results from another machine, or install one."))
        yield Check("browser", "warning", text)


def _print(checks: list[Check]) -> None:
    states = {"ok": say(N_("ok")), "warning": say(N_("warning")), "fault": say(N_("fault"))}
    language = console.language()
    console.print_table(
        say(N_("Zaplecze on this machine")),
        [
            (say(N_("What")), "left"),
            (say(N_("How")), "left"),
            (say(N_("In words")), "left"),
        ],
        [[check.name, states[check.state][language], check.text[language]] for check in checks],
    )
