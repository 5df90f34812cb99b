"""What it is worth: findings in money a year, with ranges."""

from zaplecze.money.price import price, total

__all__ = ["price", "total"]
