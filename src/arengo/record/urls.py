"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

from arengo.record import albo_urls
from arengo.record.views import (
    archive,
    clips,
    decisions,
    drafts,
    feeds,
    imports,
    open_data,
    proposals,
    templates,
    transcript,
)

app_name = "record"

SITTING = "consiglio/<slug:slug>/sedute/<uid>/"

urlpatterns = [
    *albo_urls.urlpatterns,
    path("dati/", open_data.installation, name="open_data"),
    path("dati/catalog.<syntax>", open_data.whole, name="whole_catalogue"),
    path("<slug:slug>/dati/", open_data.of_comune, name="open_data_comune"),
    path("<slug:slug>/dati/catalog.<syntax>", open_data.catalogue, name="catalogue"),
    path("<slug:slug>/dati/<int:year>.zip", open_data.year_file, name="year_file"),
    path("<slug:slug>/archivio/", archive.archive, name="archive"),
    path("consiglio/<slug:slug>/archivio/importa/", imports.imports, name="imports"),
    path("<slug:slug>/decisioni/", decisions.decisions, name="decisions"),
    path(
        "<slug:slug>/sedute/<uid>/decisioni/",
        decisions.sitting_decisions,
        name="sitting_decisions",
    ),
    path("<slug:slug>/consiglieri/", decisions.members, name="members"),
    path("<slug:slug>/consiglieri/<person_id>/", decisions.member, name="member"),
    path("<slug:slug>/avvisi/", feeds.alerts, name="alerts"),
    path("<slug:slug>/avvisi/prima.atom", feeds.before, name="before_feed"),
    path("<slug:slug>/avvisi/decisioni.atom", feeds.decisions_feed, name="decisions_feed"),
    path("<slug:slug>/avvisi/cerca.atom", feeds.search_feed, name="search_feed"),
    path("<slug:slug>/sedute/<uid>/clip/", clips.clip, name="clip"),
    path("<slug:slug>/sedute/<uid>/incorpora/", clips.embed, name="embed"),
    path("consiglio/<slug:slug>/modelli/", templates.templates, name="templates"),
    path("consiglio/<slug:slug>/modelli/<name>/", templates.template, name="template"),
    path(
        "consiglio/<slug:slug>/modelli/<name>/anteprima/",
        templates.preview,
        name="template_preview",
    ),
    path(SITTING + "atti/", drafts.drafts, name="drafts"),
    path(SITTING + "atti/sottotitoli/", drafts.captions, name="captions"),
    path(SITTING + "atti/pacchetto/", drafts.whole, name="package"),
    path(SITTING + "trascrizione/", transcript.transcript, name="transcript"),
    path(SITTING + "trascrizione/proposte/", proposals.proposals, name="proposals"),
    path(SITTING + "trascrizione/modifiche/", transcript.edits, name="edits"),
    path(SITTING + "atti/<name>/", drafts.draft, name="draft"),
]
