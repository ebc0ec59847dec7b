"""Addresses of the installation's own pages."""

from __future__ import annotations

from django.urls import path

from arengo.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("worker.js", views.worker, name="worker"),
    path("senza-rete/", views.offline, name="offline"),
    path("accedi/", views.sign_in, name="sign_in"),
    path("esci/", views.sign_out, name="sign_out"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibilita/", views.accessibility, name="accessibility"),
]
