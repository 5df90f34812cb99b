"""Incidents at Volvo IT: are they passed to and fro between the lines, and is more open each month?"""

# %% python bpic2013_volvo_incidents.py FOLDER-OF-DATA
import sys
from pathlib import Path

import zaplecze as zp

data = Path(sys.argv[1]) / "bpic2013-volvo-incidents"
log = zp.read(data / "bpic2013_incidents.xes.gz")

# %% Which group hands over to which
for handover in zp.handovers(log).handovers[:3]:
    print(f"{handover.source} → {handover.target}: {handover.count:,} times")

# %% What came in, what was finished, what is open
for period in zp.flow(log).periods[-3:]:
    print(
        f"{period.starts}: {period.arrivals} came, {period.completions} finished, {period.in_progress} open"
    )
