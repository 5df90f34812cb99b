"""Twenty levers by three outcomes of Olist's orders, from the stored log to robust findings.

``python -m benchmarks.levers DATA FOLDER`` builds the log in FOLDER from the public files in DATA, which
is not counted, and estimates all sixty effects.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Measure, in_a_process, tell

OLIST = Path(__file__).resolve().parents[1] / "examples" / "olist.toml"
WORK = "20 levers × 3 outcomes, 99,000 orders"
FINDINGS = 60
RUNS = 2

_OUTCOMES = """
[outcomes.bad]
kind = "yes_no"
source = "bad_reviews"
on = "order_id"
column = "bad"
time = "at"
[outcomes.took]
kind = "duration"
[sources.bad_reviews]
sql = '''
SELECT order_id, CASE WHEN min(review_score::DOUBLE) <= 2 THEN 'yes' ELSE 'no' END AS bad,
       min(review_answer_timestamp) AS at
FROM reviews GROUP BY 1
'''
"""

_AT_LEAST = {
    "instalments": 6, "items": 2, "sellers": 2, "freight": 30, "price": 200, "weight": 5000,
}  # fmt: skip
_VALUES = {
    "payment_type": ["boleto", "voucher"],
    "state": ["RJ", "MG", "BA", "RS"],
    "category": ["bed_bath_table", "furniture_decor", "office_furniture", "telephony"],
}


def measures(data: Path, scratch: Path) -> Iterator[Measure]:
    """The time from the stored log to the findings."""
    yield from in_a_process("benchmarks.levers", str(data / "olist"), str(scratch))


def _described() -> str:
    """The workspace of the example with more levers and outcomes."""
    levers = [
        f'[levers.{name}_many]\nattribute = "{name}"\nat_least = {least}\n'
        for name, least in _AT_LEAST.items()
    ] + [
        f'[levers.{name}_{value}]\nattribute = "{name}"\nvalues = ["{value}"]\n'
        for name, values in _VALUES.items()
        for value in values
    ]
    own = OLIST.read_text(encoding="utf-8").replace('business_case = "olist-case.toml"\n', "")
    return own + _OUTCOMES + "".join(levers)


def _tell(data: Path, scratch: Path) -> None:
    from zaplecze import eventlog, impact, workspace

    file = scratch / "olist.toml"
    file.write_text(_described(), encoding="utf-8")
    described = workspace.load(file)
    log = eventlog.build(described, data, scratch / "log")
    found = len(impact.analyse(log, described).findings)
    if found != FINDINGS:
        raise AssertionError(f"{found} findings instead of {FINDINGS}")
    tell("zaplecze", {WORK: lambda: impact.analyse(log, described)}, RUNS)


if __name__ == "__main__":
    _tell(Path(sys.argv[1]), Path(sys.argv[2]))
