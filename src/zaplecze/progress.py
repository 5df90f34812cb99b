"""How long work tells how far it is; the command line draws a bar from it, tests ignore it."""

from collections.abc import Callable

from zaplecze.language import Text

Progress = Callable[[Text, float], None]
"""Called with what is being done and the share that is done, 0 to 1."""


def silent(stage: Text, done: float) -> None:
    """Tell nobody."""
