"""What people type into the live room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arengo.council.wording import labelled
from arengo.kernel.models import Comune
from arengo.live.models import SourceKind


class ConveneForm(forms.Form):
    """A new sitting; the Comune is asked only of who works for more than one."""

    comune = forms.ModelChoiceField(
        label=_("Comune"), queryset=Comune.objects.none(), empty_label=None, to_field_name="slug"
    )
    title = forms.CharField(
        label=_("Titolo"),
        max_length=200,
        help_text=_("Per esempio: Consiglio comunale del 3 marzo"),
    )
    scheduled_at = forms.DateTimeField(
        label=_("Inizio previsto"),
        help_text=_("Data e ora, fuso orario italiano"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, comuni: tuple[Comune, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["comune"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Comune.objects.filter(pk__in=[comune.pk for comune in comuni]).order_by(
            "name", "pk"
        )
        if len(comuni) == 1:
            field.widget = forms.HiddenInput()
            field.initial = comuni[0].slug


class StreamKeyForm(forms.Form):
    """A name for a new stream key."""

    label = forms.CharField(
        label=_("Nome della chiave"),
        max_length=80,
        help_text=_("Dove la userai, per esempio «OBS in sala consiliare»"),
    )


class SourceForm(forms.Form):
    """A camera that the studio calls, or a port where it listens."""

    kind = forms.ChoiceField(label=_("Tipo"), choices=labelled(SourceKind))
    place = forms.CharField(
        label=_("Indirizzo o porta"),
        max_length=300,
        help_text=_("rtsp://… per una telecamera IP, una porta da 1024 a 65535 per SRT"),
    )
