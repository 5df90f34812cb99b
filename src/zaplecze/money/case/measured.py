"""Numbers of a case that were measured: findings as distributions."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.money.case.assumption import Assumption, Taken
from zaplecze.money.distributions import Distribution, Fixed, Normal, Triangular
from zaplecze.money.returns import Floats

if TYPE_CHECKING:
    from zaplecze.impact import Effect, Finding, Findings, Money
    from zaplecze.impact.finding import Avoidable, Estimate

_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Product:
    """Numbers that multiply: exposure, effect and price of a finding."""

    parts: tuple[Distribution, ...]

    @property
    def base(self) -> float:
        """The product of the plain values."""
        return float(np.prod([part.base for part in self.parts]))

    @property
    def mean(self) -> float:
        """The product of the means: the parts do not move together."""
        return float(np.prod([part.mean for part in self.parts]))

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """COUNT draws."""
        return np.asarray(np.prod([part.draws(random, count) for part in self.parts], axis=0))

    def quantile(self, share: float) -> float:
        """The value that SHARE of 20,000 draws stay below."""
        return float(np.quantile(self._looked_at, share))

    @cached_property
    def _looked_at(self) -> Floats:
        return self.draws(np.random.default_rng(0), _LOOKED_AT)


def read_findings(path: Path) -> "Findings":
    """The findings of PATH: ``findings.json`` of a run, or the folder that holds it.

    Raises `InputError` where there is none, or none that can be read.
    """
    # It brings the whole engine with it.
    from zaplecze.impact import Findings

    file = path / "findings.json" if path.is_dir() else path
    try:
        return Findings.from_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            say(
                N_(
                    "{file}: cannot be read ({error}). Make the findings with 'zaplecze run' and name "
                    "their folder with the key 'findings' at the top of the case file, or in the command: "
                    "'zaplecze money case CASE --findings FOLDER', 'zaplecze report FOLDER --case CASE'."
                ),
                file=str(file),
                error=error.strerror or str(error),
            )
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            say(N_("{file}: these are no findings. Give findings.json of 'zaplecze run'."), file=str(file))
        ) from None  # fmt: skip


def measured(assumption: Assumption, findings: "Findings | None") -> Distribution:
    """What ASSUMPTION takes from FINDINGS, as a distribution.

    Raises `InputError` where there are no findings, none of that name, or nothing to take.
    """
    assert assumption.finding is not None
    assert assumption.take is not None
    if findings is None:
        raise InputError(
            say(
                N_(
                    "The case takes '{finding}' from findings, and none are given. Name the folder of a "
                    "run with the key 'findings' at the top of the case file, or in the command: "
                    "'zaplecze money case CASE --findings FOLDER', 'zaplecze report FOLDER --case CASE'."
                ),
                finding=assumption.finding,
            )
        )
    found = _found(assumption.finding, findings)
    taken = _taken(found, assumption.take)
    if taken is None:
        raise InputError(
            say(
                N_(
                    "The finding '{finding}' has no '{take}': its verdict is \"{verdict}\". Take something "
                    "else or give the number itself."
                ),
                finding=found.id,
                take=assumption.take,
                verdict=found.verdict,
            )
        )
    return taken


def source_of(assumption: Assumption, findings: "Findings | None") -> Text | None:
    """Where ASSUMPTION stands: as the file says, or else the finding of FINDINGS that it is taken from."""
    from zaplecze.impact.finding import Avoidable

    if assumption.source is not None or assumption.finding is None or findings is None:
        return assumption.source
    found = _found(assumption.finding, findings)
    if isinstance(found, Avoidable):
        return say(N_("Findings: contacts that delays bring, “{contacts}”"), contacts=found.label)
    return say(
        N_("Findings: what “{lever}” does to “{outcome}”"),
        lever=found.lever.label,
        outcome=found.outcome_label,
    )


def _found(name: str, findings: "Findings") -> "Finding | Avoidable":
    known: list[Finding | Avoidable] = [*findings.findings, *findings.avoidable]
    found = next((each for each in known if each.id == name), None)
    if found is None:
        raise InputError(
            say(
                N_("There is no finding '{finding}'. There are: {known}."),
                finding=name,
                known="; ".join(each.id for each in known),
            )
        )
    return found


def _taken(found: "Finding | Avoidable", take: Taken) -> Distribution | None:
    from zaplecze.impact.finding import Avoidable

    if isinstance(found, Avoidable):
        return _of_contacts(found, take)
    effect = found.priced or found.effect
    if take == "exposed":
        return None if found.exposed_per_year is None else Fixed(found.exposed_per_year)
    if take == "share":
        return Fixed(found.share)
    if take == "answered":
        return Fixed(found.answered)
    if take == "effect":
        return None if effect is None else _normal(effect.estimate, *effect.interval)
    if take == "avoidable":
        return _avoidable(found, effect, found.exposed_per_year)
    if take == "avoidable_per_case":
        return _avoidable(found, effect, found.share)
    if found.money is None:
        return None
    return _price(found.money) if take == "price" else _product(found.money)


def _of_contacts(found: "Avoidable", take: Taken) -> Distribution | None:
    """Of contacts that delays bring their number in a year or a case, the price of one, or number
    and price multiplied."""
    yearly, price = _number(found.yearly), None
    if found.price is not None and found.price_bounds is not None:
        price = _between(found.price_bounds[0], found.price, found.price_bounds[1])
    if take == "avoidable":
        return yearly
    if take == "avoidable_per_case":
        return _number(found.per_case)
    if take == "price":
        return price
    if take == "money" and yearly is not None and price is not None:
        return Product((yearly, price))
    return None


def _number(found: "Estimate | None") -> Distribution | None:
    return None if found is None else _normal(found.estimate, *found.interval)


def _avoidable(
    found: "Finding", effect: "Effect | None", exposed: float | None
) -> Distribution | None:
    """How often it would not have happened: EXPOSED cases, or their share, times the effect on each."""
    if effect is None or exposed is None:
        return None
    answering = found.answered if found.outcome_kind == "rating" else 1.0
    parts = (Fixed(exposed), Fixed(answering))
    return Product((*parts, _normal(effect.estimate, *effect.interval)))


def _product(money: "Money") -> Distribution:
    *certain, effect, _ = money.inputs
    parts = (Fixed(each.value) for each in certain)
    return Product((*parts, _normal(effect.value, effect.low, effect.high), _price(money)))


def _price(money: "Money") -> Distribution:
    unit = money.inputs[-1]
    return _between(unit.low, unit.value, unit.high)


def _between(low: float, likely: float, high: float) -> Distribution:
    return Triangular(low, likely, high) if high > low else Fixed(likely)


def _normal(estimate: float, low: float, high: float) -> Distribution:
    from zaplecze.impact.linear import Z95

    return Normal(estimate, (high - low) / (2 * Z95)) if high > low else Fixed(estimate)
