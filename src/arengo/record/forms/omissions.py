"""What is typed of an omission: from when to when, why, by which rule."""

from __future__ import annotations

import math
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6}(?:[.,]\d{1,3})?)")


def seconds_of(text: str) -> float | None:
    """Return the seconds of «1:02:03,5», «2:03» or «123»; None for anything else."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups(default="0")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def clock_of(seconds: float) -> str:
    """Return seconds as «0:02:03» or, where they are not whole, «0:02:03,50»."""
    hundredths = math.floor(seconds * 100 + 0.5)
    whole, rest = divmod(hundredths, 100)
    told = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{told},{rest:02}" if rest else told


class MomentField(forms.Field):
    """A moment of the video, typed as people read it on a player."""

    widget = forms.TextInput(attrs={"maxlength": 20})

    def to_python(self, value: Any) -> Any:
        """Return seconds."""
        if not value:
            return None
        found = seconds_of(str(value))
        if found is None:
            raise ValidationError(
                _("Scrivi il momento come ore:minuti:secondi, per esempio 0:12:30.")
            )
        return found


class StretchForm(forms.Form):
    """From when to when."""

    da = MomentField(
        label=gettext_lazy("Dal momento"),
        help_text=gettext_lazy("ore:minuti:secondi del video"),
    )
    a = MomentField(
        label=gettext_lazy("Al momento"),
        help_text=gettext_lazy("ore:minuti:secondi del video"),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a passage that ends before it begins."""
        found = super().clean() or {}
        start_s, end_s = found.get("da"), found.get("a")
        if start_s is not None and end_s is not None and end_s <= start_s:
            self.add_error("a", _("Il passo deve finire dopo il suo inizio."))
        return found


class OrderForm(StretchForm):
    """The order: the passage that was seen, and why it goes."""

    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Resta nel registro degli omissis. Non ripetere qui i dati da omettere."
        ),
    )
    law = forms.CharField(
        label=gettext_lazy("Norma"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Per esempio: D.Lgs. 196/2003, art. 2-septies"),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Ho ascoltato il passo e letto le parole che spariscono")
    )
