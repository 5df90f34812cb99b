"""``zaplecze report``: the board pack of findings and a business case, as page, PDF, slides, workbooks."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from zaplecze.cli import console
from zaplecze.cli.options import DataOption
from zaplecze.cli.run import report_language, tell_outdated
from zaplecze.errors import InputError
from zaplecze.language import N_, Language, say

if TYPE_CHECKING:
    from zaplecze.chain import Run
    from zaplecze.impact import Findings
    from zaplecze.impact.followed import Followed
    from zaplecze.process import ProcessGraph
    from zaplecze.report.pack import Format
    from zaplecze.report.proposal import Proposal


@dataclass(frozen=True)
class _Given:
    """What a pack is made of, and the folder that it goes to unless another is named."""

    findings: "Findings"
    graph: "ProcessGraph"
    proposal: "Proposal | None"
    folder: Path
    followed: "Followed | None" = None
    sources: tuple[Path, ...] = ()
    """Files whose numbers the pack shows."""


def report(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help=N_("A folder that 'zaplecze run' made, a workspace file, or a case file."),
        ),
    ] = Path("out"),
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="html,pdf,pptx,xlsx",
            help=N_("What is made, separated by commas; otherwise all of it."),
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="en|pl|uk", help=N_("Language of the report; otherwise that of the findings.")
        ),
    ] = None,
    case: Annotated[
        Path | None, typer.Option(help=N_("Case file of what the board is asked to decide."))
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(help=N_("Frozen version against which actuals are held.")),
    ] = None,
    data: DataOption = None,
    out: Annotated[
        Path | None, typer.Option(help=N_("Folder for the pack; otherwise that of the findings."))
    ] = None,
) -> None:
    """The board pack: one page first, then the evidence, the business case and every definition.

    From a workspace file everything is worked out first, as 'zaplecze run' does.
    """
    from zaplecze.report import write_pack

    wanted = _formats(formats)
    spoken = report_language(language)
    given = _given(source, case, plan, data, out, spoken)
    summary = given.findings.workspace
    folder = out or given.folder
    files = write_pack(
        given.findings,
        given.graph,
        folder,
        spoken or _language_of(summary.language),
        proposal=given.proposal,
        followed=given.followed,
        formats=wanted,
    )
    console.tell(
        say(
            N_("The board pack is in {folder}: {files}."),
            folder=str(folder.resolve()),
            files=", ".join(file.name for file in files),
        )
    )
    tell_outdated(folder, *given.sources)


def _formats(words: str | None) -> "tuple[Format, ...]":
    """The formats named in WORDS; raises `InputError` for one that there is not."""
    from zaplecze.report.pack import FORMATS

    if words is None:
        return FORMATS
    named = [word.strip().lower() for word in words.split(",") if word.strip()]
    for name in named:
        if name not in FORMATS:
            raise InputError(
                say(
                    N_("--format {name}: there is no such format. There are: {known}."),
                    name=name,
                    known=", ".join(FORMATS),
                )
            )
    if not named:
        raise InputError(
            say(N_("--format: nothing is named. There are: {known}."), known=", ".join(FORMATS))
        )
    return tuple(known for known in FORMATS if known in named)


def _given(
    source: Path,
    case: Path | None,
    plan: Path | None,
    data: Path | None,
    out: Path | None,
    language: Language | None,
) -> _Given:
    from zaplecze import chain

    if source.is_dir() or source.suffix != ".toml":
        made = chain.load_run(source)
        proposal = _proposal(case, plan, made.findings)
        sources = _there(source / chain.FINDINGS, case, plan)
        return _Given(made.findings, made.graph, proposal, source, made.followed, sources)
    if _is_case(source):
        return _from_case(source, plan, language)
    folder = out or Path("out")
    asked = case or _case_of(source)
    made = _run(source, data, folder, language)
    proposal = _proposal(asked, plan, made.findings)
    sources = _there(folder / chain.FINDINGS, asked, plan)
    return _Given(made.findings, made.graph, proposal, folder, made.followed, sources)


def _there(*files: Path | None) -> tuple[Path, ...]:
    """Those of FILES that are named."""
    return tuple(file for file in files if file is not None)


def _case_of(file: Path) -> Path | None:
    """The case that a workspace FILE names."""
    from zaplecze.workspace import load

    named = load(file).business_case
    return None if named is None else file.parent / named


def _is_case(file: Path) -> bool:
    """Does FILE describe a business case and no workspace?"""
    import tomllib

    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # Whoever reads it next says what is wrong, and where.
        return False
    return "lines" in table and "sources" not in table


def _from_case(file: Path, plan: Path | None, language: Language | None) -> _Given:
    """A case with the findings that it names, or of itself alone where it names none."""
    from zaplecze import __version__, chain
    from zaplecze.language import Text
    from zaplecze.money.case import load_case
    from zaplecze.process import ProcessGraph
    from zaplecze.report.proposal import without_findings

    named = load_case(file).findings
    if named is not None:
        folder = file.parent / named
        folder = folder if folder.is_dir() else folder.parent
        made = chain.load_run(folder)
        proposal = _proposal(file, plan, made.findings)
        sources = _there(folder / chain.FINDINGS, file, plan)
        return _Given(made.findings, made.graph, proposal, Path("out"), sources=sources)
    proposal = _proposal(file, plan, None)
    assert proposal is not None
    spoken = language or _language_of(console.language())
    findings = without_findings(proposal.result, spoken, __version__)
    graph = ProcessGraph(name=Text.same(""), cases=0, events=0)
    return _Given(findings, graph, proposal, Path("out"), sources=_there(file, plan))


def _proposal(
    case: Path | None, plan: Path | None, findings: "Findings | None"
) -> "Proposal | None":
    from zaplecze.money.case import load_case, read_frozen, work_out_case
    from zaplecze.report.proposal import Proposal

    if case is None:
        if plan is not None:
            raise InputError(
                say(N_("--plan needs the case whose version it is. Give it with --case."))
            )
        return None
    described = load_case(case)
    frozen = None if plan is None else read_frozen(plan)
    planned = None if frozen is None else frozen.monthly
    return Proposal(described, work_out_case(described, findings, planned), frozen)


def _run(source: Path, data: Path | None, folder: Path, language: Language | None) -> "Run":
    import datetime as dt

    from zaplecze import chain

    with console.progress() as progress:
        return chain.run(
            source,
            data or source.parent,
            folder,
            now=dt.datetime.now(dt.UTC),
            language=language,
            progress=progress,
        )


def _language_of(code: str) -> Language:
    return next((known for known in get_args(Language) if known == code), "en")
