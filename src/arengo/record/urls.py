"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

from arengo.record.views import archive, drafts, transcript

app_name = "record"

SITTING = "consiglio/<slug:slug>/sedute/<uid>/"

urlpatterns = [
    path("<slug:slug>/archivio/", archive.archive, name="archive"),
    path(SITTING + "atti/", drafts.drafts, name="drafts"),
    path(SITTING + "atti/sottotitoli/", drafts.captions, name="captions"),
    path(SITTING + "atti/pacchetto/", drafts.whole, name="package"),
    path(SITTING + "trascrizione/", transcript.transcript, name="transcript"),
    path(SITTING + "trascrizione/modifiche/", transcript.edits, name="edits"),
    path(SITTING + "atti/<name>/", drafts.draft, name="draft"),
]
