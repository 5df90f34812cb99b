"""Ctrl-C and SIGTERM end a command early, after it has cleared away what it had not finished."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heard() -> Iterator[list[int]]:
    """The signals that ask to stop, as they come within the block; each interrupts what runs.

    A library may turn the interruption into an error of its own: the list knows better.
    """
    came: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        came.append(number)
        # Whoever asks twice would cut the clearing away short.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    # Python hears signals in the main thread only; what the shell has muted stays mute.
    audible = threading.current_thread() is threading.main_thread()
    numbers = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) != signal.SIG_IGN]
    before = {n: signal.signal(n, stop) for n in numbers if audible}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
