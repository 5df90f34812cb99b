"""One file, or one table in memory, that was given without a workspace."""

from contextlib import AbstractContextManager, nullcontext

from zaplecze.eventlog.faults import named_by
from zaplecze.workspace import Source, Workspace


class GivenFile(Source):
    """A source whose keys are options of a command, or arguments of a call where it is IN_MEMORY.

    ``settles_times`` and ``settles_decimal`` say whether the form of its times and the mark of its
    numbers may be found out from all of its values, ``guessed`` that its encoding was found out so,
    ``object_centric`` that it is read as a log of objects.
    """

    in_memory: bool = False
    settles_times: bool = True
    settles_decimal: bool = True
    guessed: bool = False
    object_centric: bool = False

    @property
    def title(self) -> str:
        """What people know it by."""
        return "table" if self.in_memory else str(self.file)

    def name_of(self, key: str) -> str:
        """What the option or argument KEY is called."""
        return key if self.in_memory else f"--{key.replace('_', '-')}"

    def option(self, name: str, value: str) -> str:
        """How VALUE is given for NAME: ``--time-format "%d.%m.%Y"`` or ``time_format="%d.%m.%Y"``."""
        return f'{self.name_of(name)}{"=" if self.in_memory else " "}"{value}"'


def faults_named(workspace: Workspace) -> AbstractContextManager[None]:
    """Within it, faults of a file that was given without a WORKSPACE name the file, not a source."""
    for name, source in workspace.sources.items():
        if isinstance(source, GivenFile):
            return named_by(name, source.title)
    return nullcontext()
