"""Kinds of values in the workspace file that are checked alike wherever they stand."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from zaplecze.language import LANGUAGES, N_, Text, say

Location = tuple[str | int, ...]


class Table(BaseModel):
    """A table of the file: unknown keys are refused and nothing changes after loading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        # TOML has types of its own: "5" is no number and 1 is no truth value.
        strict=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
    )


class FaultError(ValueError):
    """What is wrong and what to do, in every language.

    WHERE leads from the table that is checked to the key at fault; empty: the table itself.
    VALUE is what stands there; ``{}`` when it is a table.
    """

    def __init__(self, text: Text, where: Location = (), value: object = None) -> None:
        super().__init__(text["en"])
        self.text = text
        self.where = where
        self.value = value


class FaultsError(ValueError):
    """Several faults of one table."""

    def __init__(self, faults: list[FaultError]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def _label(value: object) -> object:
    if isinstance(value, Text):
        return value
    if isinstance(value, str):
        return Text.same(value)
    if not isinstance(value, dict) or not all(isinstance(words, str) for words in value.values()):
        raise FaultError(
            say(N_('This must be text in quotes, or texts by language: {{en = "…", pl = "…"}}.'))
        )
    unknown = sorted(set(value) - set(LANGUAGES))
    if unknown or not value:
        raise FaultError(
            say(
                N_("Give the text in en, pl or uk; there is no language '{unknown}' here."),
                unknown=", ".join(unknown),
            )
            if unknown
            else say(N_("Give the text in at least one of the languages en, pl and uk."))
        )
    return Text.of(value)


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise FaultError(
            say(N_("There is no such time zone. Write one like 'Europe/Warsaw' or 'UTC'."))
        ) from None
    return value


def _columns_by_name(value: object) -> object:
    if isinstance(value, str) or (
        isinstance(value, dict) and value and all(isinstance(v, str) for v in value.values())
    ):
        return value
    raise FaultError(
        say(N_('This must be a column in quotes, or pairs of columns: {{theirs = "ours"}}.'))
    )


def _as_written(name: Text) -> Any:
    """One word where it is the same in every language, as a file gives it."""
    words = set(name.values())
    return words.pop() if len(words) == 1 else dict(name)


Label = Annotated[Text, BeforeValidator(_label)]
Name = Annotated[Text, BeforeValidator(_label), PlainSerializer(_as_written)]
"""A label that used to be plain text: what was kept of it reads, and compares, as it did."""
Zone = Annotated[str, AfterValidator(_known_zone)]
Key = Annotated[str | dict[str, str], BeforeValidator(_columns_by_name)]
