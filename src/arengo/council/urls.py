"""Addresses of the council: staff's under /consiglio/, everyone's under the Comune's own."""

from __future__ import annotations

from django.urls import path

from arengo.council.views import (
    agenda,
    console,
    convocation,
    hall,
    people,
    register,
    rulebook,
    seat,
)

app_name = "council"

COUNCIL = "consiglio/<slug:slug>/"
SITTING = "consiglio/<slug:slug>/sedute/<uid>/"

urlpatterns = [
    path("consiglio/mio/", seat.mine, name="mine"),  # before a Comune's: none is called so
    path(COUNCIL, people.home, name="home"),
    path(COUNCIL + "persone/", people.people, name="people"),
    path(COUNCIL + "persone/nuova/", people.add_person, name="add_person"),
    path(COUNCIL + "persone/importa/", register.register, name="register"),
    path(COUNCIL + "persone/<int:person_id>/", people.person, name="person"),
    path(
        COUNCIL + "persone/<int:person_id>/correggi/", people.correct_person, name="correct_person"
    ),
    path(COUNCIL + "persone/<int:person_id>/mandato/", people.seat_person, name="seat_person"),
    path(COUNCIL + "persone/<int:person_id>/carica/", people.give_office, name="give_office"),
    path(COUNCIL + "persone/<int:person_id>/gruppo/", people.join_group, name="join_group"),
    path(COUNCIL + "persone/<int:person_id>/accesso/", people.link_account, name="link_account"),
    path(
        COUNCIL + "persone/<int:person_id>/accesso/togli/",
        people.unlink_account,
        name="unlink_account",
    ),
    path(COUNCIL + "mandati/<int:mandate_id>/", people.correct_mandate, name="correct_mandate"),
    path(COUNCIL + "mandati/<int:mandate_id>/cessazione/", people.end_mandate, name="end_mandate"),
    path(COUNCIL + "cariche/<int:office_id>/termina/", people.end_office, name="end_office"),
    path(COUNCIL + "gruppi/", people.groups, name="groups"),
    path(COUNCIL + "gruppi/<int:group_id>/sciogli/", people.end_group, name="end_group"),
    path(COUNCIL + "regole/", rulebook.rules, name="rules"),
    path(COUNCIL + "regole/classe/", rulebook.choose_class, name="choose_class"),
    path(COUNCIL + "regole/adatta/", rulebook.adapt, name="adapt_rules"),
    path(COUNCIL + "regole/adatta/esempi/", rulebook.try_rules, name="try_rules"),
    path(COUNCIL + "regole/<int:rulebook_id>/", rulebook.past_rules, name="past_rules"),
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
    path(SITTING + "odg/", agenda.agenda, name="agenda"),
    path(SITTING + "odg/<item_id>/", agenda.item, name="item"),
    path(SITTING + "odg/<item_id>/togli/", agenda.remove_item, name="remove_item"),
    path(SITTING + "odg/<item_id>/sposta/", agenda.move_item, name="move_item"),
    path(SITTING + "odg/<item_id>/documenti/", agenda.add_document, name="add_document"),
    path(SITTING + "odg/<item_id>/pareri/", agenda.give_opinion, name="give_opinion"),
    path(SITTING + "documenti/<document_uid>/", agenda.members_document, name="members_document"),
    path(
        SITTING + "documenti/<document_uid>/togli/", agenda.remove_document, name="remove_document"
    ),
    path("<slug:slug>/sedute/<uid>/documenti/<document_uid>/", agenda.document, name="document"),
    path(SITTING + "convocazione/", convocation.convocation, name="convocation"),
    path(SITTING + "convocazione/dati/", convocation.set_facts, name="set_sitting_facts"),
    path(
        SITTING + "convocazione/<convocation_id>/messaggi.zip",
        convocation.message_files,
        name="message_files",
    ),
    path(
        SITTING + "avvisi/<notice_id>/messaggio.eml", convocation.message_file, name="message_file"
    ),
    path(SITTING + "avvisi/<notice_id>/riprova/", convocation.retry, name="retry_notice"),
    path(SITTING + "avvisi/<notice_id>/consegnato/", convocation.delivered, name="note_delivery"),
    path(SITTING + "assenze/", convocation.add_absence, name="add_absence"),
    path(
        SITTING + "assenze/<absence_id>/togli/", convocation.remove_absence, name="remove_absence"
    ),
    path("convocazioni/<token>/", convocation.receipt, name="receipt"),
]
