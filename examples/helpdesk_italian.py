"""Tickets of an Italian help desk: which steps wait, who passes them to and fro, does it flow?"""

# %% The log, in memory of this program only: python helpdesk_italian.py FOLDER-OF-DATA
import sys
from pathlib import Path

import zaplecze as zp

log = zp.read(Path(sys.argv[1]) / "helpdesk-italian" / "helpdesk.xes.gz")

# %% Where tickets wait longest
for step in sorted(zp.steps(log), key=lambda step: -(step.share_of_time or 0))[:3]:
    print(f"{step.activity}: {step.share_of_time:.0%} of all time, {step.rework_cases} repeated")

# %% The ways that most of them take
for variant in zp.variants(log).top(3):
    print(f"{variant.share:.0%}  {' → '.join(variant.activities)}")

# %% The map, as an SVG picture
Path(sys.argv[2] if sys.argv[2:] else "helpdesk.svg").write_text(zp.map_svg(zp.graph(log), "en"))
