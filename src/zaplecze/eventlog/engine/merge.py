"""Parts of a log, each with whole cases and numbers of its own, become one log."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog.coding import check_codes, no_cases
from zaplecze.eventlog.engine.part import ROLES, Codes, write_codes
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import literal, stored
from zaplecze.workspace import Workspace

if TYPE_CHECKING:
    from zaplecze.eventlog.engine.importing import Built


@dataclass(frozen=True)
class Whole:
    """What is the same for all parts, made from what they say; all by the driver."""

    connection: duckdb.DuckDBPyConnection
    scratch: Path
    store: Path

    def join(
        self,
        parts: "list[Built]",
        sizes: dict[int, int],
        unfit: pa.Table,
        source: Loaded,
        workspace: Workspace,
    ) -> None:
        """Write variants, resources and refused rows, and put its new codes beside every part.

        SIZES has the rows of each block of the file, UNFIT those that did not fit. Raises
        `InputError` where no case is left.
        """
        self._number_parts(parts)
        self._refused(parts, sizes, unfit, source)
        if not sum(part.cases for part in parts):
            raise no_cases(self.connection, workspace, {source.name: source})
        self._number_names(parts)
        self._number_variants(parts)
        for part in parts:
            write_codes(self.scratch / part.folder, self._codes(part))

    def look_at_store(self) -> None:
        """``z.keys`` and ``z.events``, as a log has them that was imported by one machine."""
        for view, kind in (("keys", "cases"), ("events", "events")):
            files = literal(str(self.store / kind / "*.parquet"))
            self.connection.execute(f"CREATE VIEW z.{view} AS FROM read_parquet({files})")

    def _number_parts(self, parts: "list[Built]") -> None:
        first = np.cumsum([0, *(part.cases for part in parts)])[:-1]
        self._table(
            "parts",
            {
                "part": pa.array([part.part for part in parts], pa.int32()),
                "folder": pa.array([part.folder for part in parts], pa.string()),
                "first_case": pa.array(first, pa.int64()),
            },
        )

    def _refused(
        self, parts: "list[Built]", sizes: dict[int, int], unfit: pa.Table, source: Loaded
    ) -> None:
        """``z.all_refused`` and its file: rows are numbered as in the whole file."""
        blocks = sorted(sizes)
        before = np.cumsum([0, *(sizes[block] for block in blocks)])[:-1]
        self._table("blocks", {"z_block": pa.array(blocks, pa.int64()), "before": pa.array(before)})
        self.connection.register("z_unfit", unfit)
        each = f"SELECT {literal(source.name)} AS source, z_reason AS reason, NULL::VARCHAR AS "
        each += (
            '"column", z_value AS value, NULL::VARCHAR AS case_id, z_block, z_index FROM z_unfit'
        )
        if parts:
            each += f" UNION ALL SELECT * FROM {self._files(parts, 'unused.parquet')}"
        self.connection.execute(
            "CREATE TABLE z.all_refused AS SELECT source, before + z_index + 1 AS row, reason, "
            f'"column", value, case_id FROM ({each}) JOIN z.blocks USING (z_block)'
        )
        self.connection.execute(
            "INSERT INTO z.refused (source, reason) SELECT source, reason FROM z.all_refused"
        )
        self.connection.execute("CREATE TABLE z.rejects (reason VARCHAR)")
        self._copy('FROM z.all_refused ORDER BY source, row, reason, "column"', "refused.parquet")

    def _number_names(self, parts: "list[Built]") -> None:
        """``z.new_codes`` by part, role and old code; tables of names as an import leaves them."""
        self.connection.execute(
            f"CREATE TABLE z.names AS FROM {self._files(parts, 'names.parquet')}"
        )
        self.connection.execute(
            "CREATE TABLE z.all_names AS SELECT role, name, row_number() OVER (PARTITION BY role "
            "ORDER BY min(block), min(step), min((z_block, z_index))) - 1 AS new "
            "FROM z.names GROUP BY role, name"
        )
        for role, table in ROLES.items():
            self.connection.execute(
                f"CREATE TABLE z.{table} AS SELECT new AS code, name FROM z.all_names "
                f"WHERE role = {literal(role)}"
            )
            check_codes(self.connection, role, table)
        self.connection.execute(
            "CREATE TABLE z.new_codes AS SELECT part, role, code, new "
            "FROM z.names JOIN z.all_names USING (role, name)"
        )
        self._copy(
            "SELECT code::UINTEGER AS resource, name FROM z.resources ORDER BY code",
            "resources.parquet",
        )

    def _number_variants(self, parts: "list[Built]") -> None:
        """``z.new_variants`` by part and old variant."""
        self.connection.execute(
            "CREATE TABLE z.of_parts AS SELECT p.part, v.variant, "
            "list_transform(v.activities, lambda code: c.new[code + 1])::USMALLINT[] AS activities, "
            f"v.cases FROM {self._files(parts, 'variants.parquet', named=True)} v "
            "JOIN z.parts p ON p.folder = parse_filename(parse_dirpath(v.filename)) "
            "LEFT JOIN (SELECT part, list(new ORDER BY code) AS new FROM z.new_codes "
            "WHERE role = 'activity' GROUP BY part) c ON c.part = p.part"
        )
        self.connection.execute(
            "CREATE TABLE z.variants AS SELECT (row_number() OVER (ORDER BY cases DESC, activities) "
            "- 1)::UINTEGER AS variant, activities, cases FROM (SELECT activities, "
            "sum(cases)::BIGINT AS cases FROM z.of_parts GROUP BY activities)"
        )
        self.connection.execute(
            "CREATE TABLE z.new_variants AS SELECT p.part, p.variant AS code, v.variant AS new "
            "FROM z.of_parts p JOIN z.variants v USING (activities)"
        )
        self._copy("FROM z.variants ORDER BY variant", "variants.parquet")

    def _codes(self, part: "Built") -> Codes:
        def numbers(table: str, condition: str) -> NDArray[np.int64]:
            found = self.connection.execute(
                f"SELECT new::BIGINT AS new FROM z.{table} WHERE part = {part.part} {condition} "
                "ORDER BY code"
            ).to_arrow_table()
            return np.asarray(found.column(0).to_numpy(), dtype=np.int64)

        by_role = {role: numbers("new_codes", f"AND role = {literal(role)}") for role in ROLES}
        (first,) = self.connection.execute(
            f"SELECT first_case FROM z.parts WHERE part = {part.part}"
        ).fetchall()[0]
        return Codes(first, by_role, numbers("new_variants", ""))

    def _files(self, parts: "list[Built]", name: str, *, named: bool = False) -> str:
        files = ", ".join(literal(str(self.scratch / part.folder / name)) for part in parts)
        return f"read_parquet([{files}]{', filename = true' if named else ''})"

    def _table(self, name: str, columns: dict[str, pa.Array]) -> None:
        self.connection.register("z_table", pa.table(columns))
        self.connection.execute(f"CREATE TABLE z.{name} AS FROM z_table")
        self.connection.unregister("z_table")

    def _copy(self, query: str, name: str) -> None:
        self.connection.execute(stored(query, self.store / name))
