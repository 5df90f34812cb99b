"""What can happen in a token game: tokens are taken from places and put into others."""

from dataclasses import dataclass

SILENT = -1

BEGIN = 1
"""The marking before anything has happened; when everything is done it is 0."""


@dataclass(frozen=True)
class Transition:
    """Takes the tokens ``takes`` and puts the tokens ``puts``; ``element`` is where it stands.

    ``step`` numbers what is seen in a log, `SILENT` where nothing is. It waits while a place of
    ``empty`` holds a token, and takes all tokens of ``clears``. ``join``: an inclusive gateway.
    """

    takes: int
    puts: int
    element: int
    step: int = SILENT
    empty: int = 0
    clears: int = 0
    join: int | None = None

    @property
    def is_free(self) -> bool:
        """Nothing but its own tokens decides whether it can happen."""
        return self.join is None and not self.empty and not self.clears
