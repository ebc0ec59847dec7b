"""Addresses of publication: the albo and the register for everyone, and the clerk's pages."""

from __future__ import annotations

from django.urls import path

from arengo.record.views import albo, publishing

COUNCIL = "consiglio/<slug:slug>/"

urlpatterns = [
    path("<slug:slug>/albo/", albo.albo, name="albo"),
    path("<slug:slug>/albo/<int:year>/<number>/", albo.notice, name="notice"),
    path("<slug:slug>/albo/<int:year>/<number>/documento/", albo.notice_file, name="notice_file"),
    path("<slug:slug>/delibere/", albo.register, name="register"),
    path("<slug:slug>/delibere/<int:year>/<number>/", albo.delibera, name="delibera"),
    path(
        "<slug:slug>/delibere/<int:year>/<number>/documento/",
        albo.delibera_file,
        name="delibera_file",
    ),
    path(COUNCIL + "delibere/", publishing.register, name="publishing"),
    path(COUNCIL + "delibere/<int:line_id>/", publishing.delibera, name="publishing_one"),
    path(COUNCIL + "delibere/<int:line_id>/pubblica/", publishing.publish, name="publish"),
    path(COUNCIL + "delibere/<int:line_id>/annulla/", publishing.annul, name="annul"),
    path(COUNCIL + "delibere/<int:line_id>/omissis/", publishing.omit, name="omit"),
    path("<slug:slug>/atti/", albo.acts, name="acts"),
    path("<slug:slug>/atti/<uid>/<name>/", albo.act_file, name="act_file"),
    path(COUNCIL + "altri-atti/", publishing.others, name="other_acts"),
    path(COUNCIL + "altri-atti/<int:act_id>/", publishing.release, name="release"),
    path(COUNCIL + "albo/", publishing.rules, name="albo_rules"),
    path(COUNCIL + "scadenze/", publishing.due, name="deadlines"),
    path(COUNCIL + "sedute/<uid>/numeri/", publishing.number, name="number"),
]
