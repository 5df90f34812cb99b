"""What reports are made of: the public orders, a help desk, a workspace without outcomes."""

from dataclasses import replace

import pytest
from tests.report.helpdesk import helpdesk
from tests.report.orders import orders, summary, way

from zaplecze.impact.finding import Findings
from zaplecze.process import ProcessGraph


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
