"""One small object-centric log, written in every form that OCEL has."""

import gzip
import json
import sqlite3

# One order of two items, which are packed together; an order and an item to which nothing happens.
# The price of i1 is changed between its two events. Times of Warsaw, in winter.
OBJECTS = [
    ("o1", "order", [("total", "12.50", "1970-01-01T00:00:00"), ("vip", "true", None)]),
    ("i1", "item", [
        ("price", "5", "1970-01-01T00:00:00"), ("price", "7", "2024-01-01T09:30:00"),
        ("price", "9", "2024-01-01T12:00:00"), ("code", "007", None),
    ]),
    ("i2", "item", [("price", "6", "1970-01-01T00:00:00")]),
    ("o2", "order", []),
    ("i3", "item", [("price", "8", "1970-01-01T00:00:00")]),
]  # fmt: skip
EVENTS = [
    ("e1", "place", "2024-01-01T09:00:00", [("clerk", "Ann")], ["o1"]),
    ("e2", "pack", "2024-01-01T10:00:00", [("weight", "1.5")], ["i1", "i2", "o1"]),
    ("e3", "weigh", "2024-01-01T10:00:00", [("weight", "2")], ["i1"]),
    ("e4", "sweep", "2024-01-01T11:00:00", [], []),
]
RELATIONS = [("o1", "i1", "has"), ("o1", "i2", "has")]
OBJECT_KINDS = {
    "order": {"total": "float", "vip": "boolean"}, "item": {"price": "integer", "code": "string"},
}  # fmt: skip
SQL = {"float": "REAL", "integer": "INTEGER", "string": "TEXT", "boolean": "BOOLEAN"}
EVENT_KINDS = {
    "place": {"clerk": "string"}, "pack": {"weight": "float"}, "weigh": {"weight": "float"},
    "sweep": {},
}  # fmt: skip


def in_json() -> bytes:
    def types(kinds):
        return [
            {"name": t, "attributes": [{"name": n, "type": k} for n, k in of.items()]}
            for t, of in kinds.items()
        ]

    document = {
        "objectTypes": types(OBJECT_KINDS),
        "eventTypes": types(EVENT_KINDS),
        "objects": [
            {
                "id": name,
                "type": type_,
                "attributes": [
                    {"name": n, "value": v, **({"time": t} if t else {})} for n, v, t in values
                ],
                "relationships": [
                    {"objectId": b, "qualifier": q} for a, b, q in RELATIONS if a == name
                ],
            }
            for name, type_, values in OBJECTS
        ],
        "events": [
            {
                "id": name,
                "type": type_,
                "time": time,
                "attributes": [{"name": n, "value": v} for n, v in values],
                "relationships": [{"objectId": each, "qualifier": "of"} for each in links],
            }
            for name, type_, time, values, links in EVENTS
        ],
    }
    return json.dumps(document).encode()


def in_xml() -> bytes:
    def types(tag, kinds):
        inside = "".join(
            f'<{tag} name="{t}"><attributes>'
            + "".join(f'<attribute name="{n}" type="{k}"/>' for n, k in of.items())
            + f"</attributes></{tag}>"
            for t, of in kinds.items()
        )
        return f"<{tag}s>{inside}</{tag}s>\n"

    def links(pairs):
        return "".join(f'<relationship object-id="{o}" qualifier="{q}"/>' for o, q in pairs)

    things = "".join(
        f'<object id="{name}" type="{type_}"><attributes>'
        + "".join(
            f'<attribute name="{n}"' + (f' time="{t}"' if t else "") + f">{v}</attribute>"
            for n, v, t in values
        )
        + f"</attributes><objects>{links((b, q) for a, b, q in RELATIONS if a == name)}</objects>"
        "</object>\n"
        for name, type_, values in OBJECTS
    )
    happened = "".join(
        f'<event id="{name}" type="{type_}" time="{time}"><attributes>'
        + "".join(f'<attribute name="{n}">{v}</attribute>' for n, v in values)
        + f"</attributes><objects>{links((o, 'of') for o in of)}</objects></event>\n"
        for name, type_, time, values, of in EVENTS
    )
    return (
        '<?xml version="1.0"?>\n<log>'
        + types("object-type", OBJECT_KINDS)
        + types("event-type", EVENT_KINDS)
        + f"<objects>{things}</objects>\n<events>{happened}</events></log>"
    ).encode()


def in_sqlite(path, without=None) -> None:
    """The same log as a database, WITHOUT one of its tables."""
    database = sqlite3.connect(path)

    def table(name, columns, rows):
        if name == without:
            return
        database.execute(f'CREATE TABLE "{name}" ({columns})')
        places = ", ".join("?" * (columns.count(",") + 1))
        database.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)

    maps = "ocel_type TEXT, ocel_type_map TEXT"
    things = "ocel_id TEXT, ocel_type TEXT"
    table("object_map_type", maps, [(t, t) for t in OBJECT_KINDS])
    table("event_map_type", maps, [(t, t) for t in EVENT_KINDS])
    table("object", things, [(name, type_) for name, type_, _ in OBJECTS])
    table("event", things, [(name, type_) for name, type_, *_ in EVENTS])
    table(
        "event_object", "ocel_event_id, ocel_object_id, ocel_qualifier",
        [(e[0], o, "of") for e in EVENTS for o in e[4]],
    )  # fmt: skip
    table("object_object", "ocel_source_id, ocel_target_id, ocel_qualifier", RELATIONS)
    for type_, kinds in OBJECT_KINDS.items():
        first, later = [], []
        for name, of, values in OBJECTS:
            if of == type_:
                begin = {n: v for n, v, t in values if t is None or t.startswith("1970")}
                first.append((name, "1970-01-01 00:00:00", None, *map(begin.get, kinds)))
                later += [
                    (name, t, n, *(v if n == k else None for k in kinds))
                    for n, v, t in values
                    if t and not t.startswith("1970")
                ]
        own = "".join(f', "{n}" {SQL[k]}' for n, k in kinds.items())
        columns = "ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT" + own
        table(f"object_{type_}", columns, first + later)
    for type_, kinds in EVENT_KINDS.items():
        own = "".join(f', "{n}" {SQL[k]}' for n, k in kinds.items())
        rows = [(e[0], e[2], *map(dict(e[3]).get, kinds)) for e in EVENTS if e[1] == type_]
        table(f"event_{type_}", "ocel_id TEXT, ocel_time TIMESTAMP" + own, rows)
    database.commit()
    database.close()


NUMBERS = {"float": float, "integer": int, "string": str, "boolean": lambda v: v == "true"}


def first_json() -> bytes:
    """Version 1.0, which knows no changes, no relations and no qualifiers."""
    document = {
        "ocel:global-log": {"ocel:version": "1.0", "ocel:object-types": ["item", "order"]},
        "ocel:objects": {
            name: {
                "ocel:type": type_,
                "ocel:ovmap": {
                    n: NUMBERS[OBJECT_KINDS[type_][n]](v)
                    for n, v, t in values
                    if not t or t.startswith("1970")
                },
            }
            for name, type_, values in OBJECTS
        },
        "ocel:events": {
            name: {
                "ocel:activity": type_,
                "ocel:timestamp": time,
                "ocel:omap": links,
                "ocel:vmap": {n: NUMBERS[EVENT_KINDS[type_][n]](v) for n, v in values},
            }
            for name, type_, time, values, links in EVENTS
        },
    }
    return json.dumps(document).encode()


def first_xml() -> bytes:
    tags = {"float": "float", "integer": "int", "string": "string", "boolean": "boolean"}

    def entries(values, kinds):
        return "".join(f'<{tags[kinds[n]]} key="{n}" value="{v}"/>' for n, v in values)

    happened = "".join(
        f'<event><string key="id" value="{name}"/><string key="activity" value="{type_}"/>'
        f'<date key="timestamp" value="{time}"/><list key="omap">'
        + "".join(f'<string key="object-id" value="{each}"/>' for each in links)
        + f'</list><list key="vmap">{entries(values, EVENT_KINDS[type_])}</list></event>\n'
        for name, type_, time, values, links in EVENTS
    )
    things = "".join(
        f'<object><string key="id" value="{name}"/><string key="type" value="{type_}"/>'
        '<list key="ovmap">'
        + entries(
            [(n, v) for n, v, t in values if not t or t.startswith("1970")], OBJECT_KINDS[type_]
        )
        + "</list></object>\n"
        for name, type_, values in OBJECTS
    )
    return (
        '<?xml version="1.0"?>\n<log><global scope="event"><string key="activity" value="-"/>'
        '</global><global scope="log"><list key="object-types">'
        '<string key="object-type" value="order"/></list><string key="version" value="1.0"/>'
        f"</global><events>{happened}</events><objects>{things}</objects></log>"
    ).encode()


def written(desk, name):
    """The log above as a file of the form that NAME asks for."""
    if name.endswith(".sqlite"):
        in_sqlite(desk.data / name)
        return desk.data / name
    as_json, as_xml = (first_json, first_xml) if name.startswith("first") else (in_json, in_xml)
    content = as_json() if ".json" in name else as_xml()
    return desk.write(name, gzip.compress(content) if name.endswith(".gz") else content)
