"""What people type about the people of the council."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from arengo.council.models import Group, MandateKind, OfficeKind, Person, Stance
from arengo.council.operations import Substitute
from arengo.council.register import MAX_BYTES
from arengo.council.vacancies import vacancies
from arengo.council.wording import labelled


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a field for a day, typed or picked."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    formats = ["%Y-%m-%d", "%d/%m/%Y"]
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=widget, input_formats=formats
    )


def group_choices(groups: Iterable[Group], empty: Any) -> list[tuple[str, Any]]:
    """Return the choices of a group, the empty one first."""
    return [("", empty), *((group.name, group.name) for group in groups)]


class PersonForm(forms.Form):
    """How a person is written, and where notices reach them."""

    family_name = forms.CharField(label=_("Cognome"), max_length=80)
    given_name = forms.CharField(label=_("Nome"), max_length=80, required=False)
    distinction = forms.CharField(
        label=_("Per distinguere gli omonimi"),
        max_length=40,
        required=False,
        help_text=_("Solo se serve: l’anno di nascita, una frazione. Compare accanto al nome."),
    )
    email = forms.EmailField(
        label=_("Indirizzo e-mail per gli avvisi"),
        required=False,
        help_text=_("Anche PEC. Qui arrivano le convocazioni."),
    )


class SeatForm(forms.Form):
    """A mandate that begins."""

    kind = forms.ChoiceField(label=_("Siede come"), choices=labelled(MandateKind))
    starts_on = day_field(_("In carica dal"))
    group = forms.ChoiceField(label=_("Gruppo consiliare"), required=False)

    def __init__(self, *args: Any, groups: Iterable[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = group_choices(groups, _("Nessun gruppo"))


class NewPersonForm(SeatForm, PersonForm):
    """A new person with their mandate."""

    field_order = ("family_name", "given_name", "kind", "starts_on", "group", "email")


class MandateForm(forms.Form):
    """A mandate written wrongly."""

    kind = forms.ChoiceField(label=_("Siede come"), choices=labelled(MandateKind))
    starts_on = day_field(_("In carica dal"))
    ends_on = day_field(
        _("Cessato dal"), required=False, help_text=_("Vuoto se il mandato è ancora in corso")
    )
    because = forms.CharField(label=_("Motivo"), max_length=120, required=False)


class EndForm(forms.Form):
    """A mandate that ends, and who takes the seat over."""

    reason = forms.ChoiceField(label=_("Motivo"))
    note = forms.CharField(
        label=_("Estremi"),
        max_length=60,
        required=False,
        help_text=_("Per esempio: prot. 1234 del 2 novembre 2026"),
    )
    ends_on = day_field(_("Cessa dal"), help_text=_("Il primo giorno in cui non è più in carica"))
    person: forms.ModelChoiceField[Person] = forms.ModelChoiceField(
        label=_("Una persona già in elenco"),
        queryset=None,  # of the Comune in scope, set below
        required=False,
        empty_label=_("Nessuno"),
        help_text=_("Oppure scrivi sotto il nome di chi entra per la prima volta"),
    )
    family_name = forms.CharField(label=_("Cognome"), max_length=80, required=False)
    given_name = forms.CharField(label=_("Nome"), max_length=80, required=False)
    distinction = forms.CharField(
        label=_("Per distinguere gli omonimi"), max_length=40, required=False
    )
    takes_on = day_field(
        _("Subentra dal"),
        required=False,
        help_text=_("Il giorno della delibera di surroga; vuoto: lo stesso giorno"),
    )
    group = forms.ChoiceField(label=_("Nel gruppo"), required=False)

    def __init__(
        self, *args: Any, groups: Iterable[Group], outside: Iterable[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reason, group, person = (self.fields[name] for name in ("reason", "group", "person"))
        assert isinstance(reason, forms.ChoiceField)
        assert isinstance(group, forms.ChoiceField)
        assert isinstance(person, forms.ModelChoiceField)
        reason.choices = [(one.key, one.label) for one in vacancies()]
        group.choices = group_choices(groups, _("Nessun gruppo"))
        ids = [one.pk for one in outside]
        people = Person.objects.filter(pk__in=ids).order_by("family_name", "given_name", "id")
        person.queryset = people

    def taking_over(self) -> Iterator[BoundField]:
        """Yield the fields about who takes the seat over."""
        for name in ("person", "family_name", "given_name", "distinction", "takes_on", "group"):
            yield self[name]

    def clean(self) -> dict[str, Any]:
        """Refuse two substitutes, or one for a seat that nobody takes over."""
        data = super().clean() or {}
        names, known = data.get("family_name") or data.get("given_name"), data.get("person")
        if names and known:
            self.add_error("person", _("Scegli una persona in elenco oppure scrivi un nome nuovo."))
        if names and not data.get("family_name"):
            self.add_error("family_name", _("Scrivi anche il cognome di chi subentra."))
        filled = {one.key: one.is_filled for one in vacancies()}
        if (names or known) and not filled.get(data.get("reason", ""), True):
            self.add_error("reason", _("Con questo motivo il seggio non viene surrogato."))
        return data

    def facts(self) -> dict[str, Any]:
        """Return what `end_mandate` takes."""
        data = self.cleaned_data
        reason = next(one for one in vacancies() if one.key == data["reason"])
        note = f" ({data['note']})" if data["note"] else ""
        return {
            "ends_on": data["ends_on"],
            "because": f"{reason.label}{note}"[:120],
            "keeps": reason.keeps,
            "substitute": self._substitute(),
        }

    def _substitute(self) -> Substitute | None:
        data = self.cleaned_data
        if not (data["person"] or data["family_name"]):
            return None
        return Substitute(
            person=data["person"],
            starts_on=data["takes_on"] or data["ends_on"],
            group=data["group"],
            given_name=data["given_name"],
            family_name=data["family_name"],
            distinction=data["distinction"],
        )


class OfficeForm(forms.Form):
    """An office that begins."""

    kind = forms.ChoiceField(label=_("Carica"), choices=labelled(OfficeKind))
    label = forms.CharField(
        label=_("Come si scrive"),
        max_length=100,
        required=False,
        help_text=_("Per esempio «Assessora al Bilancio». Vuoto: il nome della carica."),
    )
    starts_on = day_field(_("Dal"))


class EndDayForm(forms.Form):
    """The day on which something ends."""

    ends_on = day_field(_("Fino al (escluso)"))


class JoinForm(forms.Form):
    """A change of group."""

    group = forms.ChoiceField(label=_("Gruppo consiliare"), required=False)
    starts_on = day_field(_("Dal"))

    def __init__(self, *args: Any, groups: Iterable[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = group_choices(groups, _("Nessun gruppo"))


class GroupForm(forms.Form):
    """A group, and its side from a day on."""

    name = forms.CharField(label=_("Nome del gruppo"), max_length=100)
    stance = forms.ChoiceField(label=_("Posizione"), choices=labelled(Stance))
    starts_on = day_field(_("Dal"))


class AccountForm(forms.Form):
    """The address a councillor signs in with."""

    email = forms.EmailField(label=_("Indirizzo e-mail per l’accesso"))


class RegisterForm(forms.Form):
    """A file of people, and how to read what it leaves open."""

    file = forms.FileField(
        label=_("File CSV"),
        help_text=_("Separato da punto e virgola, virgola o tabulazione; fino a 8 MB"),
    )
    day = day_field(
        _("Le variazioni valgono dal"), help_text=_("Per chi ha la data nel file vale quella")
    )
    is_whole = forms.BooleanField(
        label=_("Il file contiene tutto il Consiglio: chi non c’è cessa dalla carica"),
        required=False,
    )
    assessors_sit = forms.BooleanField(
        label=_("Chi risulta solo assessore è anche consigliere"),
        required=False,
        help_text=_(
            "Sopra i 15.000 abitanti togli la spunta: la carica di assessore è incompatibile con quella di consigliere (TUEL art. 64)"
        ),
    )

    def clean_file(self) -> bytes:
        """Return the bytes of the file, refusing a huge one unread."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("Il file supera gli 8 MB: tieni solo le righe del tuo Comune.")
            )
        data: bytes = file.read()
        return data
