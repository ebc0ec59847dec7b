"""What a clerk types to convene a sitting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arengo.council.forms.agenda import choose
from arengo.council.models import Person, SittingKind, SittingMode
from arengo.council.operations.convocation import SittingFacts
from arengo.council.wording import labelled

MOMENT = "%Y-%m-%dT%H:%M"
ANNOUNCED = [
    ("justified", _("Assente giustificato")),
    ("mission", _("In missione")),
    ("remote", _("Collegato da remoto")),
]


class SittingForm(forms.Form):
    """How and where a sitting is held."""

    place = forms.CharField(
        label=_("Luogo"),
        max_length=200,
        required=False,
        help_text=_("Per esempio: Sala consiliare, piazza Marconi 2"),
    )
    kind = forms.ChoiceField(label=_("Seduta"), choices=labelled(SittingKind))
    mode = forms.ChoiceField(label=_("Svolgimento"), choices=labelled(SittingMode))
    call = forms.TypedChoiceField(
        label=_("Convocazione"), choices=[(1, _("Prima")), (2, _("Seconda"))], coerce=int
    )

    def facts(self) -> SittingFacts:
        """Return what was typed."""
        typed = self.cleaned_data
        return SittingFacts(
            typed["place"], SittingKind(typed["kind"]), SittingMode(typed["mode"]), typed["call"]
        )


class NoticeForm(forms.Form):
    """What a notice says besides the agenda."""

    second_call_at = forms.DateTimeField(
        label=_("Seconda convocazione (facoltativa)"),
        required=False,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
        help_text=_("Giorno e ora se la prima va deserta"),
    )
    urgency = forms.CharField(
        label=_("Motivo dell’urgenza"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Solo se convochi d’urgenza: vale il termine breve, e il motivo sta nell’avviso"
        ),
    )


class AbsenceForm(forms.Form):
    """What a member announced."""

    person = forms.ChoiceField(label=_("Componente"))
    status = forms.ChoiceField(label=_("Che cosa ha annunciato"), choices=ANNOUNCED)
    reason = forms.CharField(
        label=_("Motivo (facoltativo)"),
        max_length=200,
        required=False,
        help_text=_("Non scrivere qui dati sulla salute"),
    )

    def __init__(self, *args: Any, people: tuple[Person, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choose(self.fields["person"], people)

    def clean_person(self) -> Person:
        """Return the person."""
        return self.people[self.cleaned_data["person"]]
