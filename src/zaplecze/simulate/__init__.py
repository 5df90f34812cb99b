"""A company with a known truth, for demonstration, teaching and tests."""

from zaplecze.simulate.writing import Company, write_company

__all__ = ["Company", "write_company"]
