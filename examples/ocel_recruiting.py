"""Applications and offers in one log: each event once, whatever it belongs to."""

# %% python ocel_recruiting.py FOLDER-OF-DATA
import sys
from pathlib import Path

import zaplecze as zp

file = Path(sys.argv[1]) / "ocel-examples" / "recruiting-red.jsonocel.gz"
log = zp.read(file, object_type="applications")
view = zp.objects(log)

# %% How many objects of each kind, and how long each kind takes
for life in view.object_types:
    print(f"{life.object_type}: {life.objects}, {life.mean_events:.1f} events each")

# %% How the kinds belong together
for related in view.relations:
    print(related.sentence["en"])

# %% What a table of one kind only would count wrongly
for flattened in view.flattening:
    for sentence in flattened.sentences:
        print(sentence["en"])
