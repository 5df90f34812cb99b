"""What is asked of the data, checked before they are read."""

from dataclasses import dataclass

from zaplecze.errors import InputError
from zaplecze.impact.verify.looks import Reading
from zaplecze.impact.verify.result import Better, Family
from zaplecze.language import N_, Text, say


@dataclass(frozen=True)
class Question:
    """Did ``outcome`` get better, in the direction ``better``?

    ``caveats`` is what had to be assumed, ``worth`` the effect hoped for in units of the outcome,
    ``look`` how often it is looked at.
    """

    outcome: str
    better: Better
    family: Family
    worth: float | None
    look: Reading
    caveats: list[Text]

    @property
    def counts(self) -> bool:
        """Is the outcome counted, and not measured?"""
        return self.family != "gaussian"


def question(
    outcome: str,
    better: Better | None,
    family: Family,
    worth: float | None,
    reading: str,
    *,
    planned: bool,
) -> Question:
    """The question that these options ask; PLANNED where the change has not come yet.

    Raises `InputError` for what cannot be asked.
    """
    look = _reading(reading)
    _check_worth(worth, planned)
    caveats = [] if better else [_assumed_direction(outcome)]
    return Question(outcome, better or "lower", family, worth, look, caveats)


def _reading(words: str) -> Reading:
    found = Reading.of(words)
    if found is None:
        raise InputError(
            say(
                N_(
                    "--reading {value}: write 'once', 'any' (for looking again and again) or "
                    "'2/5' (the second of five planned looks)."
                ),
                value=words,
            )
        )
    return found


def _check_worth(worth: float | None, planned: bool) -> None:
    if worth is not None and not worth > 0:
        raise InputError(
            say(N_("--worth {value}: give the size of the effect, above 0."), value=f"{worth:g}")
        )
    if planned and worth is None:
        raise InputError(
            say(
                N_(
                    "When did the change come? Give --treated-from with a date or a column; to "
                    "plan a change that has not come, give --worth with the effect you hope for."
                )
            )
        )


def _assumed_direction(outcome: str) -> Text:
    return say(
        N_("Less of {outcome} is taken to be better; where more is, say --better higher."),
        outcome=outcome,
    )
