"""Findings whose names try to be more than names."""

from dataclasses import replace

from tests.report.building import by_lever

from zaplecze.impact.finding import Findings
from zaplecze.language import Text

HOSTILE = '=HYPERLINK("http://evil") </style><script>alert(1)</script> #eval("1") $x$ \x07 & @me'


def hostile(findings: Findings) -> Findings:
    """FINDINGS whose names try to be markup, formulas and things that no file can hold."""
    words = Text.same(HOSTILE)
    changed = [
        replace(
            finding,
            lever=replace(finding.lever, label=words, step_label=words, department_label=words),
            outcome_label=words,
        )
        for finding in findings.findings
    ]
    summary = replace(findings.workspace, name=words, note=words)
    return replace(findings, workspace=summary, findings=changed, levers=by_lever(changed))
