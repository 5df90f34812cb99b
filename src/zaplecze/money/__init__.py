"""What it is worth: findings in money a year, cash flows, cost formulas, business cases.

Findings bring the whole engine with them, so their pricing loads when it is first asked for; see
`zaplecze.money.finance`, `zaplecze.money.formulas` and `zaplecze.money.case` for the rest.
"""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.money.pricing import by_lever, price, total

__all__ = ["by_lever", "price", "total"]

on_demand(__name__, {"pricing": ("by_lever", "price", "total")})
