"""Answers of colleagues about departments, read from the source that the workspace names."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog.casting import Column, is_missing, number, text, time
from zaplecze.eventlog.importer import engine
from zaplecze.eventlog.sources import Loaded, load_all
from zaplecze.impact.arrays import Floats
from zaplecze.language import N_, say
from zaplecze.progress import silent
from zaplecze.workspace import InternalSurvey, Workspace

Ints = NDArray[np.int64]

UNKNOWN_TIME = np.iinfo(np.int64).min
"""The time of an answer of which nobody knows when it was given."""


@dataclass(frozen=True)
class Answers:
    """Answers about departments: arrays have an entry each.

    ``score`` is from 0 (the lower end of the scale) to 1, ``respondent`` a code of who answered
    (each answer somebody else's where nobody knows), ``at`` microseconds since 1970 or
    `UNKNOWN_TIME`. ``without_score`` counts the rows that name no department or have no score.
    """

    department: list[str]
    score: Floats
    respondent: Ints
    at: Ints
    without_score: int = 0
    source: str = field(default="")


def read_answers(workspace: Workspace, data: Path) -> Answers | None:
    """The answers that ``[internal_service.survey]`` of WORKSPACE names, from files in DATA.

    None where it names none. Raises `InputError` where the source cannot be read, has no such
    column, or has scores that are no numbers or lie outside the scale.
    """
    survey = workspace.internal_service.survey
    if survey is None:
        return None
    source = workspace.sources[survey.source]
    if source.file is not None or source.database is not None:
        workspace = workspace.model_copy(update={"sources": {survey.source: source}})
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        with engine(data, room) as connection:
            loaded = load_all(connection, workspace, data, room, silent)[survey.source]
            columns = _Columns.of(survey, loaded)
            rows = connection.execute(columns.query(loaded)).fetchall()
    return _answers(survey, loaded, rows)


@dataclass(frozen=True)
class _Columns:
    department: Column
    score: Column
    respondent: Column | None
    time: Column | None

    @classmethod
    def of(cls, survey: InternalSurvey, loaded: Loaded) -> "_Columns":
        where = "internal_service", "survey"
        named = survey.respondent, survey.time
        respondent, at = (
            loaded.column(name, *where, key) if name is not None else None
            for name, key in zip(named, ("respondent", "time"), strict=True)
        )
        return cls(
            loaded.column(survey.department, *where, "department"),
            loaded.column(survey.score, *where, "score"),
            respondent,
            at,
        )

    def query(self, loaded: Loaded) -> str:
        """Row, department, score, its text, respondent and time of every row."""
        who = text(self.respondent) if self.respondent else "NULL"
        when = f"epoch_us({time(self.time)})" if self.time else "NULL"
        whom = text(self.department)
        return (
            f"SELECT rowid, CASE WHEN NOT {is_missing(whom)} THEN trim({whom}) END, "
            f"{number(self.score)}, CASE WHEN NOT {is_missing(text(self.score))} "
            f"THEN {text(self.score)} END, {who}, {when} FROM {loaded.sql} ORDER BY rowid"
        )


def _answers(survey: InternalSurvey, loaded: Loaded, rows: list[tuple[object, ...]]) -> Answers:
    low, high = survey.scale
    kept: list[tuple[str, float, object, object]] = []
    for row, whom, score, written, who, at in rows:
        if written is not None and not (isinstance(score, float) and low <= score <= high):
            raise InputError(
                say(
                    N_(
                        "{file}, row {row}: {column} = '{value}' is no number from {low} to {high}. "
                        "Correct the value, or 'scale' in [internal_service.survey]."
                    ),
                    file=loaded.file, row=loaded.row_number(int(str(row))), column=survey.score,
                    value=str(written), low=f"{low:g}", high=f"{high:g}",
                )
            )  # fmt: skip
        if isinstance(whom, str) and isinstance(score, float):
            kept.append((whom, (score - low) / (high - low), who, at))
    codes: dict[object, int] = {}
    # Whoever is not known is somebody of their own.
    respondent = [
        codes.setdefault(("nobody", k) if who is None else who, len(codes))
        for k, (_, _, who, _) in enumerate(kept)
    ]
    return Answers(
        [whom for whom, *_ in kept],
        np.array([score for _, score, _, _ in kept], dtype=np.float64),
        np.array(respondent, dtype=np.int64),
        np.array([UNKNOWN_TIME if at is None else int(str(at)) for *_, at in kept], dtype=np.int64),
        len(rows) - len(kept),
        loaded.file,
    )
