"""What a run looked at: did changes help, what left the usual, who owes whom, which contacts delays bring."""

import json
from dataclasses import asdict, dataclass, field
from typing import Self

from zaplecze.impact.demand.result import Demand
from zaplecze.impact.internal.result import InternalService
from zaplecze.impact.restoring import restored
from zaplecze.impact.verify.result import Verification
from zaplecze.impact.watch.result import Watch
from zaplecze.language import Text


@dataclass(frozen=True)
class Changed:
    """A change and what came of it on one measure; ``reason`` says why that cannot be told."""

    label: Text
    when: str
    measure: str
    measure_label: Text
    verification: Verification | None
    reason: Text | None


@dataclass(frozen=True)
class Followed:
    """What a run looked at: changes (the latest first), the watch, internal service, failure demand."""

    changes: list[Changed] = field(default_factory=list)
    watch: Watch | None = None
    service: InternalService | None = None
    demand: list[Demand] = field(default_factory=list)

    def to_json(self) -> str:
        """All of it as JSON text."""
        document = {
            "changes": [
                asdict(each) | {"verification": each.verification and each.verification.to_dict()}
                for each in self.changes
            ],
            "watch": self.watch and self.watch.to_dict(),
            "service": self.service and self.service.to_dict(),
            "demand": [each.to_dict() for each in self.demand],
        }
        return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`; raises `ValueError`, `KeyError` or `TypeError`."""
        return restored(cls, json.loads(text))
