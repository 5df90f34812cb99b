"""Incidents at Volvo IT: are they passed to and fro between the lines, and how long do they take?"""

# %% python bpic2013_volvo_incidents.py FOLDER-OF-DATA
import sys
from pathlib import Path

import zaplecze as zp

data = Path(sys.argv[1]) / "bpic2013-volvo-incidents"
log = zp.read(data / "bpic2013_incidents.xes.gz")

# %% Which group hands over to which, and to whom work comes straight back
found = zp.handovers(log)
for handover in found.handovers[:3]:
    print(f"{handover.source} → {handover.target}: {handover.count:,} times")
for back in found.ping_pong[:3]:
    print(f"{back.department} → {back.partner} → {back.department}: {back.count:,} times")

# %% How long incidents take; the log holds those that were finished in four weeks of May 2012
flow = zp.flow(log)
print(f"half within {flow.throughput_seconds.median / 86_400:.1f} days, {flow.open} still open")
for week in flow.periods:
    if week.completions:
        print(f"{week.starts}: {week.completions:,} finished, {week.in_progress:,} open")
