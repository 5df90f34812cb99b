"""What slides are made of, and the words that several of them share."""

from dataclasses import dataclass

from zaplecze.impact.finding import Findings
from zaplecze.impact.followed import Followed
from zaplecze.language import Language, Text
from zaplecze.process import ProcessGraph
from zaplecze.report.document import Document
from zaplecze.report.proposal import Proposal
from zaplecze.report.references import Reference
from zaplecze.report.slides.layout import Sheet, Slides


@dataclass(frozen=True)
class Material:
    """The report in words, the numbers behind it, and the deck that is being made of them."""

    slides: Slides
    content: Document
    findings: Findings
    graph: ProcessGraph
    proposal: Proposal | None
    followed: Followed | None = None

    @property
    def language(self) -> Language:
        """The language of the deck."""
        return self.content.language

    def words(self, text: Text) -> str:
        """TEXT in the language of the deck."""
        return text[self.language]

    def reference(self, key: str) -> Reference | None:
        """The definition behind KEY, if there is one."""
        return next((each for each in self.content.references if each.key == key), None)

    def sheet(self, title: str, what: str, key: str = "") -> Sheet:
        """The next slide; its notes say method, inputs and rows of what KEY refers to."""
        found = self.reference(key)
        sheet = self.slides.new(title, what, found.number if found else 0)
        labels = self.content.labels
        if found is not None:
            sheet.notes(
                what,
                f"{labels['definition']}: {found.definition}",
                f"{labels['goes_in']}: {found.inputs}",
                f"{labels['rows']}: {found.rows}",
            )
        else:
            sheet.notes(what or title)
        return sheet
