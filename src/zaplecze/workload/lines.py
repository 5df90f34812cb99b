"""Several lines (first, second, third, technical) that forward calls to each other."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.workload.demand import Demand, fraction
from zaplecze.workload.service import Service, service
from zaplecze.workload.shrinkage import Shrinkage
from zaplecze.workload.staffing import Target, agents_for

_ROUNDS = 200


@dataclass(frozen=True)
class LineOfCalls:
    """A line: what comes from outside, and the shares of its answered calls that go on by line.

    Without ``agents`` they are found for ``target``.
    """

    name: str
    demand: Demand
    target: Target
    agents: float | None = None
    forward: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class LineResult:
    """What a line gets (calls from outside and forwarded, in its period) and gives."""

    name: str
    calls_outside: float
    calls_forwarded: float
    agents: float
    heads: int
    target: Target
    service: Service


@dataclass(frozen=True)
class Network:
    """All lines together."""

    lines: list[LineResult]
    agents: float
    heads: int
    caveats: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def network(lines: Sequence[LineOfCalls], shrinkage: Shrinkage | None = None) -> Network:
    """Calls, agents and service of every line of LINES.

    Forwarded calls solve the traffic equations (what comes in = from outside + forwarded by those
    answered) and are taken to come by chance, as in a network of Jackson; a line that holds calls
    back makes them come more evenly than that, so its followers fare a little better. Raises
    `InputError` for unknown lines, shares above 1 and calls that go round without end.
    """
    shrinkage = shrinkage or Shrinkage()
    _check(lines)
    position = {line.name: k for k, line in enumerate(lines)}
    outside = np.array([line.demand.calls_per_second for line in lines])
    share = np.zeros((len(lines), len(lines)))
    for line in lines:
        for target, part in line.forward.items():
            share[position[line.name], position[target]] = part
    answered = np.ones(len(lines))
    found: list[LineResult] = []
    for _ in range(_ROUNDS):
        rates = np.linalg.solve(np.eye(len(lines)) - (share * answered[:, None]).T, outside)
        found = [_result(line, rate, shrinkage) for line, rate in zip(lines, rates, strict=True)]
        now = np.array([_answered_share(each) for each in found])
        if np.abs(now - answered).max() < 1e-10:
            break
        answered = now
    return Network(
        lines=found,
        agents=sum(each.agents for each in found),
        heads=sum(each.heads for each in found),
        caveats=[caveat for each in found for caveat in each.service.caveats],
    )


def _result(line: LineOfCalls, rate: float, shrinkage: Shrinkage) -> LineResult:
    demand = Demand(
        float(rate) * line.demand.per_seconds, line.demand.per_seconds, line.demand.aht_seconds,
        line.demand.patience_seconds, line.demand.redial, line.demand.reconnect,
    )  # fmt: skip
    agents = float(agents_for(demand, line.target).agents if line.agents is None else line.agents)
    return LineResult(
        name=line.name,
        calls_outside=line.demand.calls,
        calls_forwarded=demand.calls - line.demand.calls,
        agents=agents,
        heads=shrinkage.heads(agents),
        target=line.target,
        service=service(demand, agents, line.target.within_seconds),
    )


def _answered_share(found: LineResult) -> float:
    """Answered calls by calls of people who have not called before."""
    return found.service.answered / (found.calls_outside + found.calls_forwarded)


def _check(lines: Sequence[LineOfCalls]) -> None:
    names = [line.name for line in lines]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(
            say(N_("Line '{line}' is given twice. Give each a name of its own."), line=twice)
        )
    for line in lines:
        for target, share in line.forward.items():
            fraction(N_("the share that is forwarded"), share)
            if target not in names:
                raise InputError(
                    say(
                        N_("Line '{line}' forwards to '{target}', which is no line. Lines are: {lines}."),
                        line=line.name, target=target, lines=", ".join(names),
                    )
                )  # fmt: skip
        if sum(line.forward.values()) > 1:
            raise InputError(
                say(
                    N_(
                        "Line '{line}' forwards more than all of its calls. Shares add up to 1 at most."
                    ),
                    line=line.name,
                )
            )
        if line.demand.calls == 0 and not any(other.forward.get(line.name) for other in lines):
            raise InputError(
                say(
                    N_("Line '{line}' gets no calls. Give it some, or leave it out."),
                    line=line.name,
                )
            )
    if _goes_round(lines):
        raise InputError(
            say(
                N_(
                    "Some calls are forwarded in a circle without end. Let a part of them end somewhere."
                )
            )
        )


def _goes_round(lines: Sequence[LineOfCalls]) -> bool:
    """Is there a line from which no call ever ends?"""
    ends = {line.name for line in lines if sum(line.forward.values()) < 1}
    for _ in lines:
        ends |= {
            line.name for line in lines if any(t in ends for t, p in line.forward.items() if p)
        }
    return len(ends) < len(lines)
