"""The workbook recomputes: formulas give the findings' money, and follow a changed price."""

import io
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.report.hostile import HOSTILE, hostile
from tests.report.recalculation import SOFFICE, by_formulas, by_libreoffice, cached, changed

from zaplecze.impact.finding import Findings, Money
from zaplecze.language import LANGUAGES, Language, Text
from zaplecze.report import workbook
from zaplecze.report.words import own_money

HEADING = {"en": "Lever", "pl": "Czynnik", "uk": "Чинник"}


def opened(content: bytes, *, values: bool) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=values)


class Calculator:
    """Recomputes the few kinds of formula that the workbook uses."""

    def __init__(self, book: Workbook) -> None:
        self.book = book

    def value(self, sheet: Worksheet, address: str) -> Any:
        content = sheet[address.replace("$", "")].value
        if isinstance(content, str) and content.startswith("="):
            return self.formula(sheet, content[1:])
        return content

    def formula(self, sheet: Worksheet, words: str) -> float:
        if found := re.fullmatch(r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", words):
            rows = range(int(found[2]), int(found[3]) + 1)
            return sum(self.value(sheet, f"{found[1]}{row}") for row in rows)
        if found := re.fullmatch(r"'(.+)'!(\S+)", words):
            return float(self.value(self.book[found[1].replace("''", "'")], found[2]))
        # What is left is arithmetic, which Python writes alike but for the power.
        numbers = re.sub(
            r"\$?[A-Z]\$?\d+", lambda cell: repr(self.value(sheet, cell[0])), words
        ).replace("^", "**")
        functions = {"PRODUCT": lambda *of: math.prod(of), "SQRT": math.sqrt, "MAX": max}
        return float(eval(numbers, {"__builtins__": {}}, functions))


def formulas(book: Workbook) -> list[tuple[str, str]]:
    return [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cached_values_are_what_the_formulas_give(findings: Findings, language: Language) -> None:
    content = workbook(findings, language)
    live, cached = opened(content, values=False), opened(content, values=True)
    calculator = Calculator(live)
    places = formulas(live)
    assert len(places) > 15
    for title, place in places:
        computed = calculator.value(live[title], place)
        assert cached[title][place].value == pytest.approx(computed), (title, place)


@pytest.mark.long
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_other_engines_find_every_cached_value_and_follow_a_price(
    findings: Findings, language: Language, tmp_path: Path
) -> None:
    content = workbook(findings, language)
    expected = cached(content)
    plain = changed(content, {}, tmp_path / "plain.xlsx")
    book = opened(content, values=False)
    money, price = book.worksheets[1], findings.findings[0].money
    assert price is not None
    cells = {
        (money.title, cell.coordinate): cell.value * 2
        for cell in next(r for r in money.iter_rows(max_col=4) if r[1].value == price.inputs[-1].value)[1:]
    }  # fmt: skip
    dearer = changed(content, cells, tmp_path / "dearer.xlsx")
    once, twice = by_libreoffice([plain, dearer], tmp_path / "out")
    another = by_formulas(plain)
    ranking = book.worksheets[0].title
    for place, value in expected.items():
        assert once[place] == pytest.approx(value, rel=1e-9), place
        assert another[place] == pytest.approx(value, rel=1e-9), place
        if place[0] == ranking:
            assert twice[place] == pytest.approx(2 * value, rel=1e-9), place


def test_the_money_is_that_of_the_findings(findings: Findings) -> None:
    book = opened(workbook(findings, "en"), values=True)
    rows = {row[0].value: row for row in book["Money"].iter_rows()}
    for finding in findings.findings:
        if finding.money is None:
            continue
        row = rows[str(finding.lever.label)]
        own = own_money(finding)
        assert row[1].value == pytest.approx(finding.money.per_year)
        assert (row[2].value, row[3].value) == pytest.approx(finding.money.interval)
        assert row[4].value == pytest.approx(own.per_year if own else 0.0)
    assert findings.total is not None
    total = rows["Together, shared harm counted once"][4].value
    assert total == pytest.approx(findings.total.per_year)


def the_price(sheet: Worksheet) -> tuple[Any, ...]:
    """Value, low and high of the price, each a cell that findings share."""
    [row] = [row for row in sheet.iter_rows(max_col=4) if row[0].value == "Price of one"]
    return row[1:]


def money_rows(book: Workbook) -> dict[str, list[float]]:
    """Money, low and high by lever, computed anew."""
    sheet, calculator = book["Money"], Calculator(book)
    return {
        str(row[0].value): [calculator.value(sheet, cell.coordinate) for cell in row[1:4]]
        for row in sheet.iter_rows(max_col=4)
        if isinstance(row[1].value, str) and row[1].value.startswith("=PRODUCT")
    }


def test_a_price_twice_as_high_doubles_money_ranges_and_total(findings: Findings) -> None:
    book = opened(workbook(findings, "en"), values=False)
    ranking, calculator = book.worksheets[0], Calculator(book)
    places = [p for t, p in formulas(book) if t == ranking.title]
    before = [calculator.value(ranking, p) for p in places]
    for cell in the_price(book["Money"]):
        cell.value *= 2
    after = [calculator.value(ranking, p) for p in places]
    assert after == pytest.approx([2 * value for value in before])


def drawn_range(money: Money, low: float, high: float) -> tuple[float, float]:
    """The range of MONEY with a price between LOW and HIGH, drawn as the pricing draws it."""
    chance = np.random.default_rng(7)
    exposed, effect, price = money.inputs
    error = (effect.high - effect.low) / (2 * 1.96)
    drawn = exposed.value * chance.normal(effect.value, error, 50_000)
    bounds = np.percentile(drawn * chance.triangular(low, price.value, high, 50_000), [5, 95])
    return float(bounds[0]), float(bounds[1])


def test_a_wider_price_widens_ranges_as_drawing_at_random_would(findings: Findings) -> None:
    priced = [
        replace(finding, money=replace(money, interval=drawn_range(money, 40.0, 110.0)))
        for finding in findings.findings
        if (money := finding.money)
    ]
    book = opened(workbook(replace(findings, findings=priced), "en"), values=False)
    _, low, high = the_price(book["Money"])
    low.value, high.value = 30.0, 160.0
    rows = money_rows(book)
    for finding in priced:
        assert finding.money is not None
        amount, *bounds = rows[str(finding.lever.label)]
        assert amount == pytest.approx(finding.money.per_year)
        wider = drawn_range(finding.money, 30.0, 160.0)
        assert bounds == pytest.approx(wider, abs=0.05 * finding.money.per_year)
        assert bounds[0] < finding.money.interval[0] < finding.money.interval[1] < bounds[1]


def test_text_from_the_data_never_becomes_a_formula_or_a_link(findings: Findings) -> None:
    book = opened(workbook(hostile(findings), "en"), values=False)
    found = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if isinstance(cell.value, str) and HOSTILE[:11] in cell.value:
                    assert cell.data_type == "s"
                    found += 1
    assert found > 10


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org"])
def test_dangerous_beginnings_stay_text(findings: Findings, start: str) -> None:
    renamed = replace(findings, workspace=replace(findings.workspace, name=Text.same(start)))
    sheet = opened(workbook(renamed, "en"), values=False)["About"]
    assert sheet["A1"].value == start
    assert sheet["A1"].data_type == "s"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_findings_opens(
    findings: Findings, service: Findings, nothing: Findings, language: Language
) -> None:
    for source in (findings, service, nothing):
        book = opened(workbook(source, language), values=True)
        assert len(book.sheetnames) == 5
        ranking = book.worksheets[0]
        assert ranking.freeze_panes is not None
        listed = [row[1].value for row in ranking.iter_rows(min_row=4, max_col=2)]
        listed = listed[listed.index(HEADING[language]) + 1 :]
        assert [f.lever.label[language] for f in source.findings] == listed[: len(source.findings)]


def test_numbers_are_numbers_in_the_format_of_their_unit(
    findings: Findings, service: Findings
) -> None:
    ranking = opened(workbook(findings, "en"), values=True).worksheets[0]
    shares = opened(workbook(service, "en"), values=True).worksheets[0]
    assert ranking["L6"].value == pytest.approx(-2.05)
    assert ranking["L6"].number_format == '[$-809]+0.00;[$-809]"−"0.00;[$-809]0.00'
    assert ranking["G6"].number_format.startswith('[$-809]0.0"\N{NO-BREAK SPACE}"%')
    assert shares["L5"].value == pytest.approx(0.081)
    assert shares["L5"].number_format.startswith('[$-809]+0.0"\N{NO-BREAK SPACE}"%')


def test_every_estimate_stands_with_its_interval(findings: Findings) -> None:
    sheet = opened(workbook(findings, "en"), values=True)["Intervals"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    estimates = {(row[0], row[3]): row[4:7] for row in rows if row[0]}
    assert estimates[1, "Adjusted effect"] == [-2.05, -2.13, -1.97]
    assert estimates[3, "Effect on that unit with the later levers held equal"] == [
        0.031,
        0.009,
        0.053,
    ]
    assert estimates[1, "Share of the late cases: Delivery · Carrier"] == [0.744, 0.721, 0.767]


def test_equal_findings_give_equal_bytes(findings: Findings) -> None:
    assert workbook(findings, "en") == workbook(findings, "en")
