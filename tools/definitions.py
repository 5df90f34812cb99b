"""Writes the cost formulas into the documentation, from their definitions.

    python tools/definitions.py

Between the marks of ``docs/money.md`` go what each formula needs and how it calculates, between
those of ``docs/command-line.md`` the options of its command. A test says when they are behind.
"""

import sys
from pathlib import Path

from zaplecze.money.formulas import FORMULAS, UNITS, Formula, Needed

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGIN, END = "<!-- formulas: made by tools/definitions.py -->", "<!-- formulas: end -->"


def pages() -> dict[Path, str]:
    """Every page with formulas, as it ought to be."""
    parts = {
        "money.md": "\n".join(_definition(each) for each in FORMULAS.values()),
        "command-line.md": "\n".join(_command(each) for each in FORMULAS.values()),
    }
    return {DOCS / name: _replaced(DOCS / name, part) for name, part in parts.items()}


def _replaced(page: Path, part: str) -> str:
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{part}\n{END}{after}"


def _definition(formula: Formula) -> str:
    lines = [f"### `{formula.id}`", "", f"{formula.title}. Source: {formula.source}.", ""]
    for caveat in formula.caveats:
        lines += [f"{caveat}", ""]
    lines += ["| input | means | unit | plausible | default |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{need.name}` | {need.label} | {UNITS[need.unit]} | {_plausible(need)} | {_default(need)} |"
        for need in formula.inputs
    ]
    lines += ["", "| step | means | calculation |", "| --- | --- | --- |"]
    lines += [
        f"| `{step.name}`{' **(result)**' if step.name == formula.result else ''} | {step.label} | "
        f"{formula.in_words(step)} |"
        for step in formula.steps
    ]
    return "\n".join([*lines, ""])


def _command(formula: Formula) -> str:
    lines = [f"## zaplecze money {formula.id}", ""]
    lines += [
        f"{formula.title}; see [the formula](money.md#{formula.id}). A value is a number, a sum "
        "`20+35+40`, or a range `low..likely..high`.",
        "",
        "| option | does |",
        "| --- | --- |",
    ]
    lines += [
        f"| `--{need.name.replace('_', '-')}` | {need.label}; {_default(need)} |"
        for need in formula.inputs
    ]
    return "\n".join([*lines, *SHARED, ""])


SHARED = (
    "| `--input` | an input or a measured step, as `NAME=VALUE`; may be repeated |",
    "| `--solve` | work backwards: the input that `--target` asks for |",
    "| `--target` | what the result shall be |",
    "| `--json` | print one JSON document |",
)


def _plausible(need: Needed) -> str:
    low, high = need.plausible
    if need.unit == "share":
        high = min(high, 1.0)
    return f"{low:g} or more" if high == float("inf") else f"{low:g} to {high:,.15g}"


def _default(need: Needed) -> str:
    if need.default is not None:
        return f"{need.default:g}"
    return "may be missing" if need.optional else "needed"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path, file=sys.stderr)
