"""What a reader may ask of the process map."""

from math import ceil
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SLIDERS = ("activities", "paths")


class Slider(forms.NumberInput):
    """A share of the whole; the template writes its value beside it."""

    input_type = "range"


def _share(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100, widget=Slider)


class MapForm(forms.Form):
    """How much of the process the map shows, and which number stands on its arrows."""

    activities = _share(_("Steps shown"))
    paths = _share(_("Paths shown"))
    measure = forms.ChoiceField(
        label=_("Numbers on the arrows"),
        choices=[("count", _("How often")), ("median", _("Typical waiting time"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, asked: dict[str, str], shares: tuple[float, float]) -> None:
        """What was ASKED; where nothing was, SHARES of steps and paths that read at a glance."""
        self.start: dict[str, Any] = {
            "activities": shares[0],
            "paths": shares[1],
            "measure": "count",
        }
        shown = {name: ceil(100 * share) for name, share in zip(SLIDERS, shares, strict=True)}
        start: dict[str, Any] = shown | {"measure": "count"}
        super().__init__(start | asked if asked else None, initial=start)

    def chosen(self) -> dict[str, Any]:
        """What the library's map takes; the start where nothing, or nonsense, was asked."""
        if not self.is_valid():
            return self.start
        shares = {name: self.cleaned_data[name] / 100 for name in SLIDERS}
        return shares | {"measure": self.cleaned_data["measure"]}
