"""What a clerk types to publish: days, personal data, words to leave out, rules of the Comune."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from arengo.council.wording import labelled
from arengo.record.models import PersonalData, TermReading

DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})")
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class PublishForm(forms.Form):
    """From which day, and what personal data the text holds."""

    first_date = forms.DateField(
        label=_("Primo giorno all’albo"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Oggi o un giorno dopo"),
    )
    personal_data = forms.ChoiceField(
        label=_("Dati personali nel testo"),
        choices=labelled(PersonalData),
        help_text=_(
            "Quelli di altre persone lasciano il sito con l’albo; quelli sulla salute non si "
            "pubblicano mai, nemmeno per i quindici giorni"
        ),
    )


class RectifyForm(PublishForm):
    """The same, and why the publication that stands is replaced."""

    reason = forms.CharField(
        label=_("Perché si ripubblica"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )


class AnnulForm(forms.Form):
    """Why a publication is annulled."""

    reason = forms.CharField(
        label=_("Motivo"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text=_("Resta scritto nel registro, accanto alla pubblicazione"),
    )


class LeaveOutForm(forms.Form):
    """The words to leave out, one a line."""

    texts = forms.CharField(
        label=_("Parole da togliere, una per riga"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        help_text=_(
            "Ogni riga diventa «omissis» dovunque si trovi, maiuscole o minuscole: scrivi anche le "
            "altre forme del nome"
        ),
    )

    def words(self) -> list[str]:
        """Return the lines that hold something."""
        return [line.strip() for line in self.cleaned_data["texts"].splitlines() if line.strip()]


class AlboRulesForm(forms.Form):
    """How the Comune counts days, and who signs."""

    reading = forms.ChoiceField(
        label=_("Da quando si contano i dieci giorni"), choices=labelled(TermReading)
    )
    counts_first_day = forms.BooleanField(
        label=_("Il primo giorno di pubblicazione si conta"), required=False
    )
    moves_from_holidays = forms.BooleanField(
        label=_("Un termine che scade in un giorno festivo passa al giorno dopo"), required=False
    )
    local_holidays = forms.CharField(
        label=_("Feste del Comune"),
        required=False,
        max_length=100,
        help_text=_("Giorno e mese, separati da virgole: per esempio 24/6, 8/9"),
    )
    article = forms.CharField(
        label=_("Articolo dello statuto o del regolamento"),
        required=False,
        max_length=200,
        help_text=_("Se il Comune ha una regola sua: prende il posto dell’uso nelle spiegazioni"),
    )
    report_signer = forms.CharField(
        label=_("Chi firma il referto di pubblicazione"), required=False, max_length=200
    )
    certificate_signer = forms.CharField(
        label=_("Chi firma il certificato di esecutività"), required=False, max_length=200
    )

    def clean_local_holidays(self) -> list[str]:
        """Return «MM-DD» for each day; refuse what is no day of the year."""
        typed = self.cleaned_data["local_holidays"]
        parts = [part.strip() for part in typed.split(",") if part.strip()]
        return sorted({_month_day(part) for part in parts})


def _month_day(text: str) -> str:
    found = DAY.fullmatch(text)
    day, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (1 <= month <= 12 and 1 <= day <= LONGEST_MONTH[month - 1]):
        raise forms.ValidationError(
            _now("«{text}» non è un giorno dell’anno: scrivi giorno e mese, come 24/6.").format(
                text=text
            )
        )
    return f"{month:02d}-{day:02d}"


def typed_holidays(kept: list[str]) -> str:
    """Return days as a clerk types them."""
    return ", ".join(f"{int(one[3:])}/{int(one[:2])}" for one in kept)


def rules_initial(rules: Any) -> dict[str, Any]:
    """Return the rules in force as the form shows them."""
    names = [*AlboRulesForm.base_fields]
    return {
        **{name: getattr(rules, name) for name in names},
        "local_holidays": typed_holidays(rules.local_holidays),
    }
