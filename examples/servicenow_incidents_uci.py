"""Incidents in ServiceNow: does reopening and passing on make the agreed time be missed?"""

# %% python servicenow_incidents_uci.py FOLDER-OF-DATA
import sys
from datetime import UTC, datetime
from pathlib import Path

import zaplecze as zp

workspace = zp.load(Path(__file__).with_name("servicenow-incidents-uci.toml"))
log = zp.read(workspace, Path(sys.argv[1]) / "servicenow-incidents-uci")

# %% What every lever does to every outcome, each with its interval, verdict and caveats
for finding in zp.find(log, workspace, now=datetime.now(UTC)).findings:
    print(finding.verdict, "·", finding.sentence["en"])
