"""Recalculates a workbook by other engines than the one that wrote it."""

import datetime as dt
import io
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import to_excel

Cells = dict[tuple[str, str], Any]
"""Values by sheet and address."""

SOFFICE = shutil.which("soffice")


def changed(content: bytes, changes: Mapping[tuple[str, str], Any], file: Path) -> Path:
    """CONTENT with other values in some cells and without any cached value, in FILE."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (sheet, place), value in changes.items():
        book[sheet][place].value = value
    book.save(file)
    return file


def cached(content: bytes) -> Cells:
    """The values that were written beside the formulas of CONTENT."""
    live = openpyxl.load_workbook(io.BytesIO(content))
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): _plain(values[sheet.title][cell.coordinate].value)
        for sheet in live
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def by_libreoffice(files: list[Path], folder: Path) -> list[Cells]:
    """The values of FILES, recalculated by LibreOffice into FOLDER."""
    assert SOFFICE is not None
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=300)
    return [_values(folder / file.name) for file in files]


def by_formulas(file: Path) -> Cells:
    """The values of FILE, recalculated by the package formulas."""
    import formulas

    solution = formulas.ExcelModel().loads(str(file)).finish().calculate()
    titles = {sheet.upper(): sheet for sheet in openpyxl.load_workbook(file).sheetnames}
    found: Cells = {}
    for key, ranges in solution.items():
        book, _, place = str(key).rpartition("!")
        sheet = book[len(file.name) + 3 : -1].replace("''", "'")
        # Areas and names are beside the cells.
        if ":" in place or sheet not in titles:
            continue
        value = ranges.value[0, 0]
        found[titles[sheet], place] = value.item() if hasattr(value, "item") else value
    return found


def _values(file: Path) -> Cells:
    book = openpyxl.load_workbook(file, data_only=True)
    return {
        (sheet.title, cell.coordinate): _plain(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def _plain(value: Any) -> Any:
    """Days as spreadsheets count them."""
    return to_excel(value) if isinstance(value, dt.datetime) else value
