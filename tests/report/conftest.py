"""What reports are made of: the public orders, a help desk, a workspace without outcomes."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from tests.report.helpdesk import helpdesk
from tests.report.orders import orders, summary, way

from zaplecze.impact.finding import Findings
from zaplecze.language import Language
from zaplecze.process import ProcessGraph
from zaplecze.report import page, pdf

Paper = Callable[[Language], bytes]
PageOf = Callable[[Language], str]


@pytest.fixture(scope="session")
def findings() -> Findings:
    """The public orders."""
    return orders()


@pytest.fixture(scope="session")
def service() -> Findings:
    """A help desk."""
    return helpdesk()


@pytest.fixture(scope="session")
def nothing() -> Findings:
    """A workspace that names no outcome."""
    return Findings(replace(summary(), refused_rows=[], warnings=[]), [], [], None)


@pytest.fixture(scope="session")
def graph() -> ProcessGraph:
    """The way of an order."""
    return way()


@pytest.fixture(scope="session")
def paper(findings: Findings, graph: ProcessGraph) -> Paper:
    """The PDF of the public orders, made once for each language."""
    return cache(lambda language: pdf(findings, graph, language))


@pytest.fixture(scope="session")
def page_of(findings: Findings, graph: ProcessGraph) -> PageOf:
    """The page of the public orders, made once for each language."""
    return cache(lambda language: page(findings, graph, language))
