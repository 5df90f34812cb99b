"""The sequence of the slides: one page first, then what happens, what it costs, what to decide."""

from zaplecze.impact.finding import Findings
from zaplecze.impact.followed import Followed
from zaplecze.process import ProcessGraph
from zaplecze.report import harm
from zaplecze.report.document import Document
from zaplecze.report.proposal import Proposal
from zaplecze.report.slides.caseslides import case_slides
from zaplecze.report.slides.followslides import section_slides
from zaplecze.report.slides.harmslides import (
    effects_slides,
    lever_slides,
    loss_slide,
    process_slide,
    promise_slides,
)
from zaplecze.report.slides.layout import Slides
from zaplecze.report.slides.material import Material
from zaplecze.report.slides.textslides import (
    board_slide,
    first_slide,
    method_slides,
    reference_slides,
)
from zaplecze.report.words import local_time


def deck(
    content: Document,
    findings: Findings,
    graph: ProcessGraph,
    proposal: Proposal | None,
    followed: Followed | None = None,
) -> bytes:
    """CONTENT as slides (PPTX), with native charts of the numbers in FINDINGS, PROPOSAL, FOLLOWED.

    Equal inputs give equal bytes: dates are those of the findings.
    """
    labels = content.labels
    footer = " · ".join([content.name, content.period, content.filters, labels["as_of"]])
    slides = Slides(content.language, footer)
    material = Material(slides, content, findings, graph, proposal, followed)
    board_slide(material)
    first_slide(material)
    if findings.workspace.cases:
        process_slide(material)
        loss_slide(material)
        effects_slides(material, harm.FELT)
        lever_slides(material)
        promise_slides(material)
        effects_slides(material, harm.DONE)
    case_slides(material)
    section_slides(material)
    method_slides(material)
    slides.refer(reference_slides(material))
    return slides.to_bytes(
        f"{content.title} · {content.name}",
        content.summary,
        local_time(findings.workspace.created, findings.workspace),
    )
