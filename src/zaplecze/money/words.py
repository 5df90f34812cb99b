"""What kinds of lines, ways to count and sides of a budget are called."""

from zaplecze.language import N_

KINDS = {"cost": N_("cost"), "saving": N_("saving"), "revenue": N_("revenue")}
COUNTED = {
    "cash": N_("cash"),
    "capacity": N_("capacity, not counted"),
    "time": N_("time, not counted"),
}
SIDES = {
    "back office": N_("Back office"),
    "front line": N_("Front line"),
    "marketing": N_("Marketing"),
}
