"""What a clerk types of an agenda: items, documents, opinions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from arengo.council.models import ItemType, OpinionType, Person
from arengo.council.operations.agenda import LIMIT_MB, ItemFacts
from arengo.council.wording import labelled

# Subjects of the rule profile that an item may be decided by; "" is the usual one of its type.
SUBJECTS = [
    ("", _("Quella del tipo di punto")),
    ("proposal", _("Ordinaria")),
    ("statute", _("Statuto: due terzi dei componenti")),
    ("statute_second", _("Statuto: votazioni successive")),
    ("election", _("Nomina o elezione a schede")),
    ("president_election", _("Elezione del presidente del Consiglio")),
    ("president_removal", _("Revoca del presidente del Consiglio")),
    ("no_confidence", _("Mozione di sfiducia")),
]


VERDICTS = [("favourable", _("Favorevole")), ("contrary", _("Contrario"))]


def choose(field: forms.Field, people: tuple[Person, ...]) -> None:
    """Let one of `people` be chosen in a field, or nobody."""
    assert isinstance(field, forms.ChoiceField)
    names = sorted((person.family_name, person.full_name, str(person.pk)) for person in people)
    field.choices = [("", "—"), *((pk, name) for _family, name, pk in names)]


class ItemForm(forms.Form):
    """An item of the agenda; `kept` fields cannot be changed any more."""

    title = forms.CharField(
        label=_("Oggetto"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Come sarà scritto nell’avviso e nel verbale"),
    )
    type = forms.ChoiceField(label=_("Tipo"), choices=labelled(ItemType))
    subject = forms.ChoiceField(label=_("Maggioranza richiesta"), choices=SUBJECTS, required=False)
    proposer = forms.CharField(label=_("Proponente"), max_length=150, required=False)
    rapporteur = forms.ChoiceField(label=_("Relatore"), required=False)
    text = forms.CharField(
        label=_("Testo della proposta"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_secret = forms.BooleanField(
        label=_("In seduta segreta"),
        required=False,
        help_text=_("L’avviso dice solo il tipo di punto; i documenti restano ai componenti"),
    )
    is_sensitive = forms.BooleanField(
        label=_("Con dati particolari"),
        required=False,
        help_text=_("Niente ripresa durante il punto; i documenti restano ai componenti"),
    )
    is_secret_ballot = forms.BooleanField(label=_("A scrutinio segreto"), required=False)
    wants_immediate = forms.BooleanField(label=_("Immediata eseguibilità"), required=False)
    affects_spending = forms.BooleanField(
        label=_("Comporta spesa o minore entrata"),
        required=False,
        help_text=_("Serve anche il parere di regolarità contabile (TUEL art. 49)"),
    )

    def __init__(
        self, *args: Any, people: tuple[Person, ...], kept: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choose(self.fields["rapporteur"], people)
        for name in kept:
            self.fields[name].disabled = True

    def clean_rapporteur(self) -> Person | None:
        """Return the person, None for nobody."""
        return self.people.get(self.cleaned_data["rapporteur"])

    def facts(self) -> ItemFacts:
        """Return what was typed."""
        typed = self.cleaned_data
        return ItemFacts(**{**typed, "type": ItemType(typed["type"])})


class DocumentForm(forms.Form):
    """A file to attach to an item."""

    title = forms.CharField(label=_("Titolo del documento"), max_length=200)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=format_lazy(
            _(
                "PDF (anche firmato P7M), ODT, ODS, ODP, DOCX, XLSX, PPTX o immagine; al massimo {mb} MB"
            ),
            mb=LIMIT_MB,
        ),
    )
    is_public = forms.BooleanField(
        label=_("Pubblico"),
        required=False,
        initial=True,
        help_text=_("Se non è pubblico lo leggono solo gli utenti del Comune"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The item's own form is on the same page: ids must differ.
        super().__init__(*args, **{"auto_id": "document_%s", **kwargs})


class OpinionForm(forms.Form):
    """The opinion of an office."""

    type = forms.ChoiceField(label=_("Parere"), choices=labelled(OpinionType))
    verdict = forms.ChoiceField(label=_("Esito"), choices=VERDICTS)
    by_whom = forms.CharField(label=_("Espresso da"), max_length=150, help_text=_("Nome e ufficio"))
    given_on = forms.DateField(
        label=_("In data"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The item's own form is on the same page: ids must differ.
        super().__init__(*args, **{"auto_id": "opinion_%s", **kwargs})
