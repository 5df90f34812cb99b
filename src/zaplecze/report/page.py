"""The report as one HTML file: no script, nothing from outside, readable on paper and a phone."""

import base64
import functools
import hashlib
import re
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from zaplecze.impact.finding import Finding, Findings, LeverTotal
from zaplecze.language import Language
from zaplecze.process import ProcessGraph
from zaplecze.report.document import Document, document, labels
from zaplecze.report.view import View, finding_view, lever_view

_FACE = re.compile(r"@font-face \{.*?\n\}\n", re.DOTALL)
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
_FONT = re.compile(r'url\("\.\./fonts/([^"]+)"\)')


def page(findings: Findings, graph: ProcessGraph, language: Language) -> str:
    """The report on FINDINGS and GRAPH in LANGUAGE as a self-contained HTML document."""
    return rendered(document(findings, graph, language))


def rendered(content: Document) -> str:
    """CONTENT as a self-contained HTML document."""
    template = _templates().get_template("page.html.j2")
    plain = template.render(document=content, style="", policy="")
    style = _style(content, set(plain))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return template.render(document=content, style=style, policy=policy)


def lever_card(lever: LeverTotal, findings: Findings, language: Language) -> str:
    """A lever that hurts, with all its outcomes, in LANGUAGE; a fragment like `finding_card`."""
    return _card(lever_view(lever, findings, language), findings, language)


def finding_card(finding: Finding, findings: Findings, language: Language) -> str:
    """One of FINDINGS in LANGUAGE as an HTML fragment for ``static/report.css``.

    It holds no style and no script; its headings are of the third and fourth level.
    """
    return _card(finding_view(finding, findings, language), findings, language)


def _card(view: View, findings: Findings, language: Language) -> str:
    template = _templates().get_template("finding.html.j2")
    return template.render(view=view, labels=labels(findings, language))


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("zaplecze.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(content: Document, letters: set[str]) -> str:
    """The style sheets with the fonts that LETTERS need, and the margins of printed pages."""
    tokens = _FACE.sub(lambda face: _embedded(face[0], letters), _static("tokens.css"))
    return "\n".join([tokens, _static("report.css"), _static("page.css"), _printed(content)])


def _embedded(face: str, letters: set[str]) -> str:
    """A font-face rule with its file inside it, or nothing when no letter needs it."""
    ranges = [(int(low, 16), int(high or low, 16)) for low, high in _RANGE.findall(face)]
    if not any(low <= ord(letter) <= high for letter in letters for low, high in ranges):
        return ""
    return _FONT.sub(lambda url: f'url("data:font/woff2;base64,{_font(url[1])}")', face)


def _printed(content: Document) -> str:
    """A4 with the title, the period and the page number in its margins."""
    before, _, rest = content.labels["page"].partition("{page}")
    between, _, after = rest.partition("{pages}")
    numbers = (
        f"{_css_string(before)} counter(page) {_css_string(between)} counter(pages) "
        f"{_css_string(after)}"
    )
    left = _css_string(
        f"{content.name} · {content.period} · {content.filters} · {content.labels['as_of']}"
    )
    ink = 'font: 8pt "IBM Plex Sans", sans-serif; color: #55534e;'
    return (
        "@page { size: A4; margin: 18mm 16mm 20mm; "
        f"@bottom-left {{ content: {left}; width: 75%; {ink} }} "
        f"@bottom-right {{ content: {numbers}; {ink} }} }}"
    )


def _css_string(words: str) -> str:
    """WORDS as a CSS string; every letter that could end it or the style is escaped."""
    return (
        '"' + "".join(c if c.isalnum() or c in " .,·–" else f"\\{ord(c):x} " for c in words) + '"'
    )


@functools.cache
def _static(name: str) -> str:
    return (resources.files("zaplecze.report") / "static" / name).read_text(encoding="utf-8")


@functools.cache
def _font(name: str) -> str:
    file = resources.files("zaplecze.report") / "fonts" / name
    return base64.b64encode(file.read_bytes()).decode()
