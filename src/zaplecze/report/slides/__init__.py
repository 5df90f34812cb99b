"""The board pack as slides: native charts that can be edited, the message as title, notes below."""

from zaplecze.report.slides.deck import deck

__all__ = ["deck"]
