"""Addresses of the live room."""

from __future__ import annotations

from django.urls import path

from arengo.live import views

app_name = "live"
urlpatterns = [
    path("regia/", views.desk, name="desk"),
    path("regia/<slug:slug>/<uid>/", views.regia, name="regia"),
    path("regia/<slug:slug>/<uid>/gettone/", views.regia_token, name="regia_token"),
    path("regia/<slug:slug>/<uid>/apri/", views.open_sitting, name="open_sitting"),
    path("regia/<slug:slug>/<uid>/chiudi/", views.close_sitting, name="close_sitting"),
    path("regia/<slug:slug>/<uid>/chiavi/", views.issue_key, name="issue_key"),
    path("regia/<slug:slug>/<uid>/chiavi/<key_id>/revoca/", views.revoke_key, name="revoke_key"),
    path("regia/<slug:slug>/<uid>/sorgenti/", views.add_source, name="add_source"),
    path(
        "regia/<slug:slug>/<uid>/sorgenti/<source_id>/togli/",
        views.remove_source,
        name="remove_source",
    ),
    path("regia/<slug:slug>/<uid>/telecamera/", views.camera_key, name="camera_key"),
    path("<slug:slug>/", views.comune_page, name="comune"),
    path("<slug:slug>/sedute/<uid>/", views.sitting_page, name="sitting"),
    path("<slug:slug>/sedute/<uid>/sottotitoli/", views.captions_page, name="captions"),
]
