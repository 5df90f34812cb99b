"""What it is worth: findings in money a year, with ranges."""

from zaplecze.money.price import by_lever, price, total

__all__ = ["by_lever", "price", "total"]
