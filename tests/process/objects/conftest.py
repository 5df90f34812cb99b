"""Small object-centric logs, written as OCEL 2.0."""

import json
from pathlib import Path

import pytest

TYPES = {"o": "order", "i": "item", "p": "parcel", "c": "customer"}


def ocel(path: Path, events, relations=()) -> Path:
    """EVENTS: (activity, hour, objects by names whose first letter is their type)."""
    names = dict.fromkeys(name for _, _, objects in events for name in objects)
    names |= dict.fromkeys(name for pair in relations for name in pair)
    document = {
        "objectTypes": [{"name": t, "attributes": []} for t in TYPES.values()],
        "eventTypes": [],
        "objects": [
            {
                "id": name,
                "type": TYPES[name[0]],
                "relationships": [
                    {"objectId": b, "qualifier": ""} for a, b in relations if a == name
                ],
            }
            for name in names
        ],
        "events": [
            {
                "id": f"e{i}",
                "type": activity,
                "time": f"2026-01-{1 + hour // 24:02}T{hour % 24:02}:00:00Z",
                "relationships": [{"objectId": o, "qualifier": ""} for o in objects],
            }
            for i, (activity, hour, objects) in enumerate(events)
        ],
    }
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A customer's two orders; three items are picked at different times and packed together."""
    return ocel(
        tmp_path / "shop.jsonocel",
        [
            ("place", 0, ["o1", "i1", "i2", "c1"]),
            ("place", 1, ["o2", "i3", "c1"]),
            ("pick", 2, ["i1"]),
            ("pick", 4, ["i2"]),
            ("pick", 10, ["i3"]),
            ("pack", 12, ["i1", "i2", "i3", "p1"]),
            ("send", 13, ["p1"]),
            ("send", 15, ["p1"]),
            ("pay", 14, ["o1"]),
            ("pay", 20, ["o2"]),
            ("sweep", 5, []),
        ],
        [("o1", "i1"), ("o1", "i2"), ("o2", "i3")],
    )
