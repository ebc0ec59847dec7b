"""The form that asks for e-mail alerts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from arengo.council.engine.search import LONGEST_QUERY


class AlertForm(forms.Form):
    """An address, and the words that matter to it; none for every sitting."""

    address = forms.EmailField(
        label=_("Indirizzo e-mail"),
        max_length=254,
        error_messages={
            "required": _("Scrivi il tuo indirizzo e-mail."),
            "invalid": _("L’indirizzo non è scritto bene: controllalo."),
        },
    )
    words = forms.CharField(label=_("Parole"), max_length=LONGEST_QUERY, required=False)
