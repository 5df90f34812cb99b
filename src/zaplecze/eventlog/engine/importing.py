"""A file of events is imported on a cluster: its cases are dealt out, and every worker imports some.

Workers run the same import as one machine does, so that the same rows are refused for the same
reasons; what the parts then disagree on are numbers, and these are made alike at the end.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from zaplecze.errors import InputError
from zaplecze.eventlog.engine import merge
from zaplecze.eventlog.engine.cluster import Cluster, failed
from zaplecze.eventlog.engine.part import BUILT, FINISHED, PROBED, Building, Finishing, Probe
from zaplecze.eventlog.engine.rows import Rows, kinds_of, rows_of
from zaplecze.eventlog.given import GivenFile
from zaplecze.eventlog.importer import build_here, engine, info_of
from zaplecze.eventlog.items import items_of
from zaplecze.eventlog.separated import delimiter_of, encoding_of, open_bytes
from zaplecze.eventlog.sources import ALL, Loaded, format_of, path_of, wanted_columns
from zaplecze.language import N_, Text, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Workspace

SAMPLE_ROWS = 100_000
"""So many rows are imported here first: what is wrong with all of them is told in seconds."""

ROWS_A_PART = 500_000
FEWEST_PARTS = 8


@dataclass(frozen=True)
class Built:
    """A part that a worker imported: its number, its folder in the scratch folder, its size."""

    part: int
    folder: str
    events: int
    cases: int


def reason_to_stay(workspace: Workspace, data: Path) -> Text | None:
    """Why the sources of WORKSPACE are better imported by one machine; None where they need not be.

    Raises `InputError` where the file is not there.
    """
    if len(workspace.sources) != 1 or not workspace.events:
        return say(
            N_("A cluster imports one file of events, and here are several sources or none.")
        )
    ((name, source),) = workspace.sources.items()
    if source.file is None:
        return say(N_("A cluster imports a file, and here is a query."))
    path = path_of(name, source.file, data)
    encoding = encoding_of(source.encoding, path).lower().replace("_", "-")
    plain = encoding in ("utf-8", "utf8", "utf-8-sig", "ascii")
    if format_of(path) not in ("separated", "parquet") or path.suffix.lower() == ".gz" or not plain:
        return say(N_("A cluster reads Parquet, and CSV that is in UTF-8 and not packed."))
    if any(block.attributes == ALL or block.id for block in workspace.events):
        return say(
            N_(
                "For all columns at once, and for rows told apart by an id, the whole file is needed."
            )
        )
    if len(_keys(workspace)) != 1:
        return say(N_("A cluster deals rows out by their case, and here several columns name it."))
    if format_of(path) == "separated" and _has_open_quotes(path):
        return say(N_("Some texts of the file go over several lines, which a cluster cannot read."))
    return None


def build_on(
    cluster: Cluster, workspace: Workspace, data: Path, room: Path, progress: Progress
) -> None:
    """Import the one source of WORKSPACE on CLUSTER; the log goes to ``store`` in ROOM.

    ROOM must lie where the workers can see it. Raises `InputError` for what can be mended.
    """
    ((name, source),) = workspace.sources.items()
    path = path_of(name, str(source.file), data)
    progress(say(N_("Trying the first rows")), 0.0)
    _try_sample(workspace, path, room)
    progress(say(N_("Connecting to the cluster")), 0.05)
    session, scratch = cluster.session, room / "scratch"
    try:
        _probe(session, scratch, str(cluster))
        progress(say(N_("Reading {source}"), source=name), 0.1)
        zone = source.time_zone or workspace.time_zone
        wanted = wanted_columns(workspace) or set()
        rows = rows_of(cluster, name, source, path, scratch, wanted, zone)
        sizes = {row["z_block"]: row["count"]
                 for row in rows.frame.groupBy("z_block").count().toArrow().to_pylist()}  # fmt: skip
        kinds = kinds_of(rows, _without_kind(workspace))
        progress(say(N_("Ordering the events")), 0.3)
        built = _build_parts(session, workspace, rows, kinds, sum(sizes.values()), scratch)
        unfit = rows.frame.filter("z_reason IS NOT NULL").select(
            "z_block", "z_index", "z_reason", "z_value"
        )
        refused = unfit.toArrow()
    except InputError:
        raise
    except Exception as error:
        raise failed(error) from error
    progress(say(N_("Writing the cases")), 0.8)
    source_read = Loaded(
        name, str(source.file), {c.name: c for c in rows.columns}, rows.known,
        sum(sizes.values()), kinds=kinds,
    )  # fmt: skip
    if format_of(path) == "separated":
        delimiter = delimiter_of(name, source, path, path)
        source_read = replace(source_read, delimiter=delimiter, encoding=source.encoding)
    with engine(room, room) as connection:
        whole = merge.Whole(connection, scratch, room / "store")
        whole.join(built, sizes, refused, source_read, workspace)
        _finish(session, room / "store", scratch, built)
        whole.look_at_store()
        sources = {name: source_read}
        items = items_of(connection, workspace, sources)
        info = info_of(connection, workspace, sources, items)
    text = json.dumps(info.to_dict(), ensure_ascii=False, indent=1)
    (room / "store" / "log.json").write_text(text + "\n", encoding="utf-8")


def _keys(workspace: Workspace) -> set[str]:
    """The columns that name a case; "" for a table of columns that together do."""
    case = workspace.case
    of_blocks = {block.case or case.key for block in workspace.events}
    default = case.key if case.source else (workspace.events[0].case or case.key)
    joined = [
        *workspace.attributes.values(),
        *workspace.outcomes.values(),
        *(step.due for step in workspace.steps.values() if step.due),
    ]
    found = {"" if isinstance(each.on, dict) else str(each.on or default) for each in joined}
    return of_blocks | found | ({case.key} if case.source else set())


def _without_kind(workspace: Workspace) -> set[str]:
    """Columns of which nobody says whether they hold numbers."""
    found = {column for block in workspace.events for column in block.attributes}
    return found | {
        attribute.column or name
        for name, attribute in workspace.attributes.items()
        if attribute.kind is None
    }


def _has_open_quotes(path: Path) -> bool:
    return any(line.count(b'"') % 2 for line in _first_lines(path))


def _first_lines(path: Path) -> Iterator[bytes]:
    with open_bytes(path) as lines:
        yield from itertools.islice(lines, SAMPLE_ROWS)


def _try_sample(workspace: Workspace, path: Path, room: Path) -> None:
    """Import the first rows of PATH here, for the sake of what may be wrong with them."""
    ((name, source),) = workspace.sources.items()
    if isinstance(source, GivenFile):
        # A part of the rows settles nothing for all of them.
        source = source.model_copy(update={"settles_times": False, "settles_decimal": False})
        workspace = workspace.model_copy(update={"sources": {name: source}})
    folder, store = room / "sample", room / "tried"
    copy = folder / str(source.file)
    copy.parent.mkdir(parents=True)
    store.mkdir()
    if format_of(path) == "parquet":
        with pq.ParquetFile(path) as file:
            batch = next(file.iter_batches(SAMPLE_ROWS), None)
            with pq.ParquetWriter(copy, file.schema_arrow) as writer:
                if batch is not None:
                    writer.write_batch(batch)
    else:
        with copy.open("wb") as lines:
            lines.writelines(_first_lines(path))
    with engine(folder, room) as connection:
        build_here(connection, workspace, folder, store, room / "scratch", silent)


def _probe(session: Any, scratch: Path, url: str) -> None:
    ours = version("zaplecze")
    found = session.range(1).mapInArrow(Probe(scratch), PROBED).toArrow().to_pylist()[0]
    if not found["sees"]:
        raise InputError(
            say(
                N_(
                    "The workers of {url} cannot write to {folder}. Give with --out a folder that "
                    "this machine and all workers share under the same path."
                ),
                url=url, folder=str(scratch.parent.parent),
            )
        )  # fmt: skip
    if found["version"] != ours:
        raise InputError(
            say(
                N_(
                    "The workers of {url} have Zaplecze {theirs}, and here is {ours}. Install the "
                    "same version everywhere."
                ),
                url=url, theirs=found["version"], ours=ours,
            )
        )  # fmt: skip


def _build_parts(
    session: Any,
    workspace: Workspace,
    rows: Rows,
    kinds: dict[str, str],
    count: int,
    scratch: Path,
) -> list[Built]:
    (key,) = _keys(workspace)
    number = next(n for n, column in enumerate(rows.columns) if column.name == key)
    # The same file is dealt out in the same way on every cluster.
    parts = max(FEWEST_PARTS, -(-count // ROWS_A_PART))
    building = Building(workspace, rows.columns, rows.known, kinds, scratch)
    dealt = rows.frame.filter("z_reason IS NULL").repartition(parts, f"c{number}")
    found = dealt.mapInArrow(building, BUILT).toArrow().to_pylist()
    return sorted((Built(**each) for each in found), key=lambda built: built.part)


def _finish(session: Any, store: Path, scratch: Path, built: list[Built]) -> None:
    """Write the events and cases of every part, with their final numbers, to STORE."""
    for kind in ("events", "cases"):
        (store / kind).mkdir()
    # With a number of its own a partition holds one part; numbers without a part do nothing.
    numbers = 1 + max((each.part for each in built), default=0)
    folders = {each.part: each.folder for each in built}
    finishing = Finishing(store, scratch, folders)
    try:
        ids = session.range(0, numbers, 1, numbers)
        done = ids.mapInArrow(finishing, FINISHED).toArrow().column(0).to_pylist()
    except Exception as error:
        raise failed(error) from error
    if sorted(done) != sorted(folders):
        raise AssertionError(f"parts {sorted(folders)} became {sorted(done)}")
