"""Addresses of the council: staff's under /consiglio/, everyone's under the Comune's own."""

from __future__ import annotations

from django.urls import path

from arengo.council.views import console, hall, seat

app_name = "council"

SITTING = "consiglio/<slug:slug>/sedute/<uid>/"

urlpatterns = [
    path(SITTING + "banco/", console.console, name="console"),
    path(SITTING + "banco/inizia/", console.begin, name="begin"),
    path(SITTING + "banco/stato/", console.console_state, name="console_state"),
    path(SITTING + "banco/fatto/", console.console_fact, name="console_fact"),
    path(SITTING + "banco/annulla/", console.console_undo, name="console_undo"),
    path(SITTING + "seggio/", seat.seat, name="seat"),
    path(SITTING + "seggio/stato/", seat.seat_state, name="seat_state"),
    path(SITTING + "seggio/fatto/", seat.seat_fact, name="seat_fact"),
    path(SITTING + "seggio/scheda/", seat.paper, name="paper"),
    path("<slug:slug>/sedute/<uid>/tabellone/", hall.tabellone, name="tabellone"),
    path("<slug:slug>/sedute/<uid>/grafica/", hall.overlay, name="overlay"),
    path("<slug:slug>/sedute/<uid>/registro.json", hall.record_json, name="record_json"),
]
