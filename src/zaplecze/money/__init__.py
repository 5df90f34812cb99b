"""What it is worth: findings in money a year, cash flows, cost formulas, business cases.

Findings bring the whole engine with them, so their pricing loads when it is first asked for; see
`zaplecze.money.finance`, `zaplecze.money.formulas` and `zaplecze.money.case` for the rest.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zaplecze.money.pricing import by_lever, price, total

__all__ = ["by_lever", "price", "total"]


def __getattr__(name: str) -> Any:
    """The functions of `zaplecze.money.pricing`."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from zaplecze.money import pricing

    return getattr(pricing, name)
