"""Applications at a Dutch municipality: what the usual procedure is, and who departs from it."""

# %% python receipt_coselog.py FOLDER-OF-DATA
import sys
from pathlib import Path

import zaplecze as zp

log = zp.read(Path(sys.argv[1]) / "receipt-coselog" / "receipt.xes.gz")

# %% The procedure as it can be found in the log, leaving the rarest fifth aside
procedure = zp.discover(log, 0.2)

# %% Every application against it, at the least cost of moves
fit = zp.compare(log, procedure)
print(f"{fit.fitting_cases:,} of {fit.cases:,} applications follow it; fitness {fit.fitness:.3f}")
for deviation in fit.deviations[:5]:
    print(f"{deviation.kind}: {deviation.activity} in {deviation.cases} applications")
