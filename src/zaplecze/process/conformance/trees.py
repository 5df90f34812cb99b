"""Process trees: block-structured models, in which a block begins and ends as one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal["sequence", "choice", "parallel", "loop"]


@dataclass(frozen=True)
class Tree:
    """An activity, nothing at all (neither), or blocks joined by an operator.

    A loop does its first child, and then, any number of times, one of the others and the first
    again.
    """

    operator: Operator | None = None
    children: tuple["Tree", ...] = ()
    activity: str | None = None

    def __str__(self) -> str:
        if self.operator is None:
            return "τ" if self.activity is None else repr(self.activity)
        sign = {"sequence": "→", "choice": "×", "parallel": "+", "loop": "*"}[self.operator]
        return f"{sign}({', '.join(map(str, self.children))})"

    def activities(self) -> Iterator[str]:
        """The activities of the leaves, from left to right."""
        if self.activity is not None:
            yield self.activity
        for child in self.children:
            yield from child.activities()


NOTHING = Tree()


def leaf(activity: str) -> Tree:
    """The block that is one activity."""
    return Tree(activity=activity)


def block(operator: Operator, *children: Tree) -> Tree:
    """CHILDREN joined by OPERATOR, in the simplest form that means the same."""
    parts: list[Tree] = []
    for child in children:
        if child.operator == operator and operator != "loop":
            parts.extend(child.children)
        elif child != NOTHING or operator not in ("sequence", "parallel"):
            parts.append(child)
    if operator == "choice":
        parts = list(dict.fromkeys(parts))
    if operator != "loop" and len(parts) <= 1:
        return parts[0] if parts else NOTHING
    return Tree(operator, tuple(parts))
