"""Arithmetic that a person writes into a file: names, numbers, + - * / ** and a few functions.

An expression is read once, checked, and computed on numbers or on arrays of draws; it can be
written again in words or as the formula of a spreadsheet.
"""

import ast
import difflib
import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES, N_, Text, number, say
from zaplecze.money.returns import Floats

Value = float | Floats

_WHOLE_DIGITS = 9
"""Decimals before a number is rounded down or up: 20 posts may be 19.999999999999996 by arithmetic."""


def _floor(value: Value) -> Any:
    return np.floor(np.round(value, _WHOLE_DIGITS))


def _ceil(value: Value) -> Any:
    return np.ceil(np.round(value, _WHOLE_DIGITS))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": np.minimum,
    "max": np.maximum,
    "floor": _floor,
    "ceil": _ceil,
}
_ARGUMENTS = {"min": 2, "max": 2, "floor": 1, "ceil": 1}
_FUNCTION_WORDS = {
    "min": N_("the smaller of ({parts})"),
    "max": N_("the larger of ({parts})"),
    "floor": N_("rounded down to whole numbers ({parts})"),
    "ceil": N_("rounded up to whole numbers ({parts})"),
}
_SPREADSHEET = {"min": "MIN", "max": "MAX"}
_OPERATIONS: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_WRITTEN: dict[type[ast.operator], tuple[str, str, int]] = {
    # In words, in a spreadsheet, how strongly it binds.
    ast.Add: (" + ", "+", 1),
    ast.Sub: (" − ", "-", 1),
    ast.Mult: (" × ", "*", 2),
    ast.Div: (" ÷ ", "/", 2),
    ast.Pow: (" ^ ", "^", 3),
}
_LONGEST, _DEEPEST = 2_000, 200


@dataclass(frozen=True)
class Expression:
    """A checked expression; `names` are what it needs."""

    source: str
    tree: ast.expr

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The names in it, each once, in the order in which they come."""
        return tuple(dict.fromkeys(_names(self.tree)))

    def __call__(self, values: Mapping[str, Value]) -> Value:
        """The result with VALUES for the names: a number, or an array as long as theirs."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = _computed(self.tree, values)
        return result if isinstance(result, np.ndarray) and result.ndim else float(result)

    def in_words(self, labels: Mapping[str, Text]) -> Text:
        """The expression with LABELS for its names: "Minutes per step × Steps ÷ 60"."""
        return Text((lang, _in_words(self.tree, labels)[lang]) for lang in LANGUAGES)

    def in_spreadsheet(self, cells: Mapping[str, str]) -> str:
        """The expression with CELLS for its names, without the leading "="."""
        return _in_spreadsheet(self.tree, cells)


def parse(source: str, known: Collection[str] | None = None) -> Expression:
    """SOURCE as an expression; with KNOWN, its names must be among them.

    Raises `InputError` that says what in SOURCE is no arithmetic, or which name is not known.
    """
    expression = _read(source)
    if known is not None:
        for name in expression.names:
            if name not in known:
                raise unknown_name(name, known)
    return expression


@functools.lru_cache(maxsize=1_000)
def _read(source: str) -> Expression:
    text = source.strip()
    if len(text) > _LONGEST:
        raise _too_long(text)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError(
            say(
                N_("'{source}' is no calculation. Write names and numbers with + - * / and brackets."),
                source=source,
            )
        ) from None  # fmt: skip
    if _depth(tree) > _DEEPEST:
        raise _too_long(text)
    _check(tree, source)
    return Expression(text, tree)


def _too_long(text: str) -> InputError:
    return InputError(
        say(
            N_("'{shown}…' is too long for a calculation. Name its parts and add them."),
            shown=text[:60],
        )
    )


def _depth(tree: ast.AST) -> int:
    """How many parts lie within each other; a sum of n terms is n deep."""
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        depth += 1
    return depth


def unknown_name(name: str, known: Collection[str]) -> InputError:
    """NAME is none of KNOWN; the message proposes one that sounds like it."""
    if close := difflib.get_close_matches(name, known, n=1):
        return InputError(
            say(
                N_("Nothing is called '{name}'. Did you mean '{close}'?"), name=name, close=close[0]
            )
        )
    return InputError(
        say(
            N_("Nothing is called '{name}'. There are: {known}."),
            name=name,
            known=", ".join(known) or "–",
        )
    )


def _check(node: ast.expr, source: str) -> None:
    match node:
        case ast.Name():
            return None
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float()):
            return None
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _check(operand, source)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            _check(left, source)
            return _check(right, source)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            if len(arguments) == _ARGUMENTS[name]:
                for argument in arguments:
                    _check(argument, source)
                return None
            raise InputError(
                say(
                    N_("'{source}': {name} takes {wanted} values, separated by commas."),
                    source=source,
                    name=name,
                    wanted=_ARGUMENTS[name],
                )
            )
        case _:
            pass
    raise InputError(
        say(
            N_(
                "'{source}': '{part}' is no arithmetic. Allowed are names, numbers, + - * / **, "
                "brackets, min, max, floor and ceil."
            ),
            source=source,
            part=ast.unparse(node),
        )
    )


def _names(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.UnaryOp(operand=operand):
            yield from _names(operand)
        case ast.BinOp(left=left, right=right):
            yield from _names(left)
            yield from _names(right)
        case ast.Call(args=arguments):
            for argument in arguments:
                yield from _names(argument)


def _computed(node: ast.expr, values: Mapping[str, Value]) -> Any:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=constant):
            return np.float64(constant)  # type: ignore[arg-type]  # `_check` lets only numbers pass
        case ast.UnaryOp(op=op, operand=operand):
            inner = _computed(operand, values)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_computed(left, values), _computed(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(_computed(argument, values) for argument in arguments))
    raise AssertionError(f"unchecked expression {ast.dump(node)}")


def _in_words(node: ast.expr, labels: Mapping[str, Text], outer: int = 0) -> Text:
    match node:
        case ast.Name(id=name):
            return labels.get(name, Text.same(name))
        case ast.Constant(value=constant):
            assert isinstance(constant, int | float)
            return number(constant, 0 if constant == int(constant) else 2)
        case ast.UnaryOp(operand=operand):
            inner = _in_words(operand, labels, 3)
            return Text((lang, f"−{inner[lang]}") for lang in LANGUAGES)
        case ast.BinOp(left=left, op=op, right=right):
            sign, _, binds = _WRITTEN[type(op)]
            first = _in_words(left, labels, binds)
            second = _in_words(right, labels, binds + isinstance(op, ast.Sub | ast.Div))
            opened, closed = ("(", ")") if binds < outer else ("", "")
            return Text(
                (lang, f"{opened}{first[lang]}{sign}{second[lang]}{closed}") for lang in LANGUAGES
            )
        case ast.Call(func=ast.Name(id=name), args=arguments):
            inner_words = [_in_words(argument, labels) for argument in arguments]
            parts = Text((lang, "; ".join(w[lang] for w in inner_words)) for lang in LANGUAGES)
            return say(_FUNCTION_WORDS[name], parts=parts)
    raise AssertionError(f"unchecked expression {ast.dump(node)}")


def _in_spreadsheet(node: ast.expr, cells: Mapping[str, str], outer: int = 0) -> str:
    match node:
        case ast.Name(id=name):
            return cells[name]
        case ast.Constant(value=constant):
            return repr(constant)
        case ast.UnaryOp(op=op, operand=operand):
            sign = "-" if isinstance(op, ast.USub) else "+"
            # Spreadsheets bind a sign more strongly than a power.
            return f"({sign}{_in_spreadsheet(operand, cells, 4)})"
        case ast.BinOp(left=left, op=op, right=right):
            _, sign, binds = _WRITTEN[type(op)]
            power = isinstance(op, ast.Pow)
            first = _in_spreadsheet(left, cells, binds + power)
            second = _in_spreadsheet(right, cells, binds + 1)
            return f"({first}{sign}{second})" if binds < outer else f"{first}{sign}{second}"
        case ast.Call(func=ast.Name(id=name), args=arguments):
            parts = [_in_spreadsheet(argument, cells) for argument in arguments]
            whole = f"ROUND({parts[0]},{_WHOLE_DIGITS})"
            if name == "floor":
                return f"INT({whole})"
            if name == "ceil":
                # INT goes down, for negative numbers too.
                return f"(-INT(-{whole}))"
            return f"{_SPREADSHEET[name]}({','.join(parts)})"
    raise AssertionError(f"unchecked expression {ast.dump(node)}")
