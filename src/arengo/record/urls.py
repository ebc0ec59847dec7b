"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

from arengo.record import albo_urls
from arengo.record.views import (
    acts,
    archive,
    clips,
    decisions,
    drafts,
    feeds,
    glossary,
    imports,
    omissions,
    open_data,
    proposals,
    shared,
    templates,
    transcript,
    verifying,
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
    path("<slug:slug>/avvisi/e-mail/<token>/", feeds.subscription, name="subscription"),
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
    path(SITTING + "omissis/", omissions.omissions, name="omissions"),
    path(SITTING + "omissis/<number>/apertura/", omissions.request_opening, name="request_opening"),
    path(SITTING + "omissis/aperture/<opening>/", omissions.opened, name="opening"),
    path(
        SITTING + "omissis/aperture/<opening>/approva/",
        omissions.approve_opening,
        name="approve_opening",
    ),
    path(SITTING + "trascrizione/", transcript.transcript, name="transcript"),
    path(SITTING + "trascrizione/proposte/", proposals.proposals, name="proposals"),
    path(SITTING + "trascrizione/sostituisci/", glossary.replace, name="replace"),
    path("consiglio/<slug:slug>/glossario/", glossary.glossary, name="glossary"),
    path(SITTING + "trascrizione/modifiche/", transcript.edits, name="edits"),
    path(SITTING + "atti/<name>/", drafts.draft, name="draft"),
    path(SITTING + "atti/<name>/condividi/", acts.share, name="share_act"),
    path(SITTING + "atti/<name>/richiama/", acts.recall, name="recall_act"),
    path(SITTING + "atti/<name>/rettifiche/", acts.rectifications, name="rectifications"),
    path(SITTING + "atti/<name>/approvazione/", acts.approval, name="approval"),
    path(SITTING + "atti/<name>/firma/", acts.signing, name="signing"),
    path(SITTING + "atti/<name>/firma/testo/", acts.prepare, name="prepare_act"),
    path(SITTING + "atti/<name>/firma/prova/", acts.trial, name="trial_signature"),
    path(SITTING + "atti/<name>/firma/impedimento/", acts.impediment, name="impediment"),
    path(SITTING + "atti/<name>/firma/regola/", acts.signing_rule, name="signing_rule"),
    path(SITTING + "atti/<name>/file/<version>/", acts.version_file, name="version_file"),
    path("consiglio/<slug:slug>/atti/", shared.listing, name="shared_acts"),
    path(SITTING + "condivisi/<name>/", shared.one, name="shared_act"),
    path(SITTING + "condivisi/<name>/<version>/", shared.shared_file, name="shared_file"),
    path("<slug:slug>/verifica/", verifying.verify, name="verify"),
]
