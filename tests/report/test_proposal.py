"""What a board is told of a case that pays, of one that does not, and of one that cannot be told."""

import io

import pytest
from pptx import Presentation
from tests.money.case.sample import case_of

from zaplecze.language import LANGUAGES
from zaplecze.money.case import work_out_case
from zaplecze.report.document import document
from zaplecze.report.page import rendered
from zaplecze.report.proposal import Proposal, proposed
from zaplecze.report.slides import deck

PRICE = "low = 8000\nlikely = 10000\nhigh = 15000"
PAYS, LOSES, OPEN = (
    (),
    ((PRICE, "low = 80000\nlikely = 90000\nhigh = 99000"),),
    ((PRICE, "low = 8000\nlikely = 20000\nhigh = 60000"),),
)


def _proposal(folder, *changes):
    case = case_of(folder, *changes)
    return Proposal(case, work_out_case(case))


@pytest.mark.parametrize(
    ("changes", "heading", "step"),
    [
        (PAYS, "What we propose", "approve it"),
        (LOSES, "What we do not propose", "do not approve it as it is"),
        (OPEN, "What cannot be decided yet", "find out more about “project”"),
    ],
)
def test_heading_and_next_step_follow_the_verdict(tmp_path, changes, heading, step):
    answer = proposed(_proposal(tmp_path, *changes))
    assert answer.heading["en"] == heading
    assert f"Next step: {step}" in answer.details[-1]["en"]


def test_a_case_that_loses_says_what_would_have_to_change(tmp_path):
    given = _proposal(tmp_path, *LOSES)
    told = proposed(given).details[-1]["en"]
    assert "Nothing within its range makes it pay alone" in told
    # The price is further off in parts of the plan, and nearer in widths of its range.
    assert "nearest comes “" in told
    # Here complaints avoided could be as many as it takes, in one draw of a hundred.
    dear = (PRICE, "low = 30000\nlikely = 45000\nhigh = 90000")
    assert (
        "Nearest to making it pay is “avoided” at 0.173"
        in proposed(_proposal(tmp_path, dear)).details[-1]["en"]
    )


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_slides_do_not_propose_what_loses(tmp_path, findings, graph, language):
    given = _proposal(tmp_path, *LOSES)
    heading = proposed(given).heading[language]
    wrong = proposed(_proposal(tmp_path)).heading[language]
    content = document(findings, graph, language, given)
    page = rendered(content)
    assert heading in page
    assert wrong not in page
    shown = Presentation(io.BytesIO(deck(content, findings, graph, given)))
    words = "\n".join(
        shape.text_frame.text
        for slide in shown.slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert heading in words
    assert wrong not in words
