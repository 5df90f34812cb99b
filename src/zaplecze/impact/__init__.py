"""What back-office work does to customers."""

from zaplecze.impact.finding import Finding, Findings

__all__ = ["Finding", "Findings"]
