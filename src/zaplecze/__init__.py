"""Zaplecze: from back-office work, through what customers feel and do, to money and proof."""

__version__ = "0.1.0"
