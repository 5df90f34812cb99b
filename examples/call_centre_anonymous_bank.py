"""Calls to a bank: how long each part of a call takes, and how many callers give up."""

# %% python call_centre_anonymous_bank.py FOLDER-OF-DATA
import sys
from pathlib import Path

import zaplecze as zp

workspace = zp.load(Path(__file__).with_name("call-centre-anonymous-bank.toml"))
log = zp.read(workspace, Path(sys.argv[1]) / "call-centre-anonymous-bank")

# %% The time in each part of a call
for step in zp.steps(log, workspace):
    spread = step.service_seconds
    print(f"{step.activity}: median {spread.median:.0f} s, 95 % within {spread.p95:.0f} s")

# %% A call that ends in the queue was given up by the caller
for variant in zp.variants(log).top(4):
    print(f"{variant.share:.0%}  {' → '.join(variant.activities)}")
