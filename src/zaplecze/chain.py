"""The line from end to end: workspace → event log → process → impact → money → board page."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zaplecze import __version__, eventlog, impact, money, placing, process, report
from zaplecze.errors import InputError
from zaplecze.impact import Findings, Summary
from zaplecze.impact import demand as contacts
from zaplecze.impact.followed import Followed
from zaplecze.language import N_, Language, Text, say
from zaplecze.process import ProcessGraph
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Workspace, load

if TYPE_CHECKING:
    from zaplecze.eventlog import EventLog

FINDINGS, GRAPH, LOG = "findings.json", "process.json", "log"
FOLLOWED = "followed.json"


@dataclass(frozen=True)
class Run:
    """What one run wrote: the folder, the findings, the process behind them, what it looked at again."""

    folder: Path
    findings: Findings
    graph: ProcessGraph
    followed: Followed | None = None


def run(
    workspace_file: Path,
    data: Path,
    out: Path,
    *,
    now: dt.datetime,
    language: Language | None = None,
    progress: Progress = silent,
) -> Run:
    """Read a company's data, find what its back-office work costs, write the board pack to OUT.

    OUT receives ``findings.json``, ``process.json``, ``report.html``, ``report.pdf``,
    ``findings.xlsx``, ``process.svg``, the event log in ``log/`` and ``followed.json`` with the
    changes, alarms, internal service and failure demand that the workspace asks for. They take their places one
    after the other when all are done: a run that fails leaves what OUT held. The report speaks
    LANGUAGE, otherwise that of the workspace. Raises `WorkspaceError` and `InputError` for what
    the user can mend.
    """
    workspace = load(workspace_file)
    with _replacing(out) as folder:
        log = eventlog.build(workspace, data, folder / LOG, _part(progress, 0.0, 0.35))
        graph = process.graph(log, workspace)
        followed = impact.follow(
            log, workspace, data, now=now, progress=_part(progress, 0.35, 0.45)
        )
        demand = followed.demand if followed else []
        findings = find(log, workspace, demand, now=now, progress=_part(progress, 0.45, 0.9))
        progress(say(N_("Writing the report")), 0.9)
        (folder / FINDINGS).write_text(findings.to_json(), encoding="utf-8")
        (folder / GRAPH).write_text(
            json.dumps(graph.to_dict(), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        if followed is not None:
            (folder / FOLLOWED).write_text(followed.to_json(), encoding="utf-8")
        report.write(findings, graph, folder, language or workspace.language, followed)
        log.close()
    if followed is None:
        # What an earlier run looked at again is no part of this one.
        (out / FOLLOWED).unlink(missing_ok=True)
    progress(say(N_("Done")), 1.0)
    return Run(out, findings, graph, followed)


def find(
    log: "EventLog",
    workspace: Workspace,
    demand: Sequence[contacts.Demand] = (),
    *,
    now: dt.datetime,
    progress: Progress = silent,
) -> Findings:
    """The findings of LOG: effects, and contacts of DEMAND, priced and ranked, each with its sentence."""
    analysis = impact.analyse(log, workspace, progress)
    brought = [finding for each in demand for finding in contacts.as_findings(each, workspace)]
    priced = money.price([*analysis.findings, *brought], workspace)
    info = log.info
    return Findings(
        workspace=Summary(
            name=workspace.name,
            currency=workspace.currency,
            time_zone=workspace.time_zone,
            language=workspace.language,
            noun=workspace.case.noun,
            cases=info.cases,
            events=info.events,
            start=info.start,
            end=info.end,
            created=now.isoformat(timespec="seconds"),
            version=__version__,
            refused_rows=[asdict(rows) for rows in info.refused],
            rows_read=info.rows_read,
            note=workspace.note,
            sample=workspace.sample,
            warnings=info.warnings,
        ),
        findings=[replace(f, sentence=report.finding_sentence(f)) for f in priced],
        refused=analysis.refused,
        total=money.total(priced, workspace, analysis.pulls),
        levers=money.by_lever(priced, workspace, analysis.pulls),
        respondents=analysis.respondents,
        avoidable=[contacts.avoidable(each, workspace) for each in demand],
    )


def demo(
    folder: Path,
    *,
    cases: int,
    seed: int,
    language: Language | None = None,
    progress: Progress = silent,
) -> Run:
    """The simulated company's data in FOLDER/data, run through the same line to FOLDER/out.

    What an earlier call made is used again when nothing has changed: the same company, language
    and program. Raises `InputError` when FOLDER cannot be written or CASES is out of range.
    """
    # Others need no company.
    from zaplecze import simulate

    out, stamp = folder / "out", folder / "made-by.json"
    made_by = {
        "version": __version__,
        "program": _newest_change(Path(__file__).parent),
        "cases": cases,
        "seed": seed,
        "language": language,
    }
    if _reads(stamp) == made_by and (out / FINDINGS).is_file():
        return load_run(out)
    company = simulate.write_company(
        folder / "data", cases=cases, seed=seed, progress=_part(progress, 0.0, 0.15)
    )
    done = run(
        company.workspace,
        company.folder,
        out,
        now=dt.datetime.now(dt.UTC),
        language=language,
        progress=_part(progress, 0.15, 1.0),
    )
    stamp.write_text(json.dumps(made_by), encoding="utf-8")
    return done


def _newest_change(package: Path) -> float:
    return max(file.stat().st_mtime for file in package.rglob("*.*") if file.suffix != ".pyc")


def _reads(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def load_run(folder: Path) -> Run:
    """What an earlier `run` wrote to FOLDER.

    Raises `InputError` when FOLDER holds no findings, or some that cannot be read.
    """
    try:
        findings = Findings.from_json((folder / FINDINGS).read_text(encoding="utf-8"))
        graph = ProcessGraph.from_dict(json.loads((folder / GRAPH).read_text(encoding="utf-8")))
        file = folder / FOLLOWED
        followed = Followed.from_json(file.read_text(encoding="utf-8")) if file.is_file() else None
    except FileNotFoundError as error:
        raise InputError(
            say(
                N_("{folder}: there are no findings here ({file} is missing). Make them with 'zaplecze run'."),
                folder=str(folder), file=Path(str(error.filename)).name,
            )
        ) from None  # fmt: skip
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise InputError(
            say(
                N_("{folder}: the findings cannot be read ({error}). Make them anew with 'zaplecze run'."),
                folder=str(folder), error=str(error),
            )
        ) from None  # fmt: skip
    return Run(folder, findings, graph, followed)


def _part(progress: Progress, first: float, last: float) -> Progress:
    """Progress of one stage as a part of the whole."""

    def tell(stage: Text, done: float) -> None:
        progress(stage, first + (last - first) * done)

    return tell


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """A fresh folder whose contents take their places in OUT when the block ends well.

    Other files in an OUT that an earlier run wrote are left alone.
    """
    _check_replaceable(out)
    with placing.room_in(out) as room:
        fresh = room / "made"
        fresh.mkdir()
        yield fresh
        _check_replaceable(out)
        for made in sorted(fresh.iterdir()):
            placing.put_in_place(made, out / made.name, room)


def _check_replaceable(out: Path) -> None:
    """Raise `InputError` unless OUT is missing, empty, or what an earlier run wrote."""
    placing.check_is_folder(out)
    there = [name for name in placing.entries(out) if not name.startswith(".")]
    if there and not _is_run(out):
        raise placing.occupied(out, there)
    if placing.entries(out / LOG) and not eventlog.is_store(out / LOG):
        raise placing.occupied(out / LOG, placing.entries(out / LOG))


def _is_run(folder: Path) -> bool:
    """Does FOLDER hold findings that Zaplecze wrote, of whatever version?"""
    try:
        values = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(values, dict) and {"workspace", "findings"} <= values.keys()
