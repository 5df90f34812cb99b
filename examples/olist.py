"""Orders at Olist: whose work makes deliveries late, and what customers then write in reviews?"""

# %% python olist.py FOLDER-OF-DATA
import sys
from datetime import UTC, datetime
from pathlib import Path

import zaplecze as zp

workspace = zp.load(Path(__file__).with_name("olist.toml"))
log = zp.read(workspace, Path(sys.argv[1]) / "olist")

# %% How many deliveries keep their promise
for step in zp.steps(log, workspace):
    if step.on_time:
        print(f"{step.activity}: {step.on_time.share:.1%} on time of {step.on_time.cases:,}")

# %% The one finding that matters most, with the departments that the lateness is put down to
first = zp.find(log, workspace, now=datetime.now(UTC)).findings[0]
print(first.sentence["en"])
