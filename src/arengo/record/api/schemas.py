"""What the interface answers with, typed: the description in OpenAPI is made from this.

Every text has a longest length and every number its bounds, as the Italian guidelines want.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

MOST = 100_000
INT32, DOUBLE = {"format": "int32"}, {"format": "double"}

Whole = Annotated[int, Field(ge=0, le=2**31 - 1, json_schema_extra=INT32)]
Seconds = Annotated[float, Field(ge=0, le=10_000_000, json_schema_extra=DOUBLE)]
Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=5_000_000, pattern=r"^[^\x00]*$")]
Address = Annotated[str, Field(max_length=2_000, json_schema_extra={"format": "uri-reference"})]
Code = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]
Istat = Annotated[str, Field(max_length=6, pattern=r"^[0-9]{6}$")]
Uid = Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Za-z_-]{1,32}$")]
Slug = Annotated[str, Field(max_length=100, pattern=r"^[-a-zA-Z0-9_]+$")]


class Page(Schema):
    """A piece of a list: `totale` are all there are, `scarto` how many come before."""

    totale: Whole
    limite: Whole
    scarto: Whole


class ComuneOut(Schema):
    """A Comune that publishes its sittings here."""

    codice_istat: Istat
    denominazione: Word
    slug: Slug
    provincia: Word
    sedute: Whole
    indirizzo: Address


class ComuneList(Page):
    """Comuni, by name."""

    comuni: Annotated[list[ComuneOut], Field(min_length=0, max_length=MOST)]


class SittingOut(Schema):
    """A sitting; `stato` is prepared, open or closed, `dimostrativa` if its people are invented."""

    codice: Uid
    titolo: Word
    tipo: Code
    stato: Code
    convocazione: Whole
    modo: Code
    luogo: Word
    prevista_alle: datetime
    aperta_alle: datetime | None
    conclusa_alle: datetime | None
    dimostrativa: bool
    indirizzo: Address
    pagina: Address


class SittingList(Page):
    """Sittings, the latest first."""

    sedute: Annotated[list[SittingOut], Field(min_length=0, max_length=MOST)]


class ItemOut(Schema):
    """An item of the agenda as everyone may see it; of a secret one only that it is."""

    codice: Code
    numero: Code
    oggetto: Text
    tipo: Code
    segreto: bool
    dati_particolari: bool
    chiamato_alle: datetime | None
    esito: Code


class ItemList(Schema):
    """The agenda of a sitting, in order."""

    punti: Annotated[list[ItemOut], Field(min_length=0, max_length=MOST)]


class Count(Schema):
    """How many made a choice, or voted for a name."""

    scelta: Word
    voti: Whole


class CastOut(Schema):
    """How a member voted in an open ballot."""

    componente: Code
    denominazione: Word
    gruppo: Word
    scelta: Code


class VoteOut(Schema):
    """A proclaimed vote; `nominativi` is empty where the ballot was secret."""

    codice: Code
    punto: Code
    oggetto: Text
    materia: Code
    modo: Code
    presenti: Whole
    aperta_alle: datetime | None
    proclamata_alle: datetime | None
    esito: Code
    formula: Text
    norma: Text
    eletti: Annotated[list[Word], Field(min_length=0, max_length=1_000)]
    conteggi: Annotated[list[Count], Field(min_length=0, max_length=1_000)]
    nominativi: Annotated[list[CastOut], Field(min_length=0, max_length=1_000)]


class VoteList(Schema):
    """The votes of a sitting, in the order in which they were proclaimed."""

    votazioni: Annotated[list[VoteOut], Field(min_length=0, max_length=MOST)]


class StayOut(Schema):
    """A time of presence; `alle` is empty when nobody noted the end of the sitting."""

    presenza: Code
    dalle: datetime
    alle: datetime | None


class AttendanceOut(Schema):
    """A member and their times of presence; none for who never came."""

    componente: Code
    denominazione: Word
    carica: Word
    gruppo: Word
    ha_voto: bool
    presenze: Annotated[list[StayOut], Field(min_length=0, max_length=10_000)]


class AttendanceList(Schema):
    """Who was there and when."""

    componenti: Annotated[list[AttendanceOut], Field(min_length=0, max_length=MOST)]


class PassageOut(Schema):
    """A passage of some 25 words, an item or a vote; `secondo` is the video's.

    `intervento` is empty for a voice that nobody recognised.
    """

    genere: Code
    testo: Text
    secondo: Seconds | None
    intervento: Word
    componente: Code
    punto: Code
    oggetto: Text
    seduta: Uid
    data: date
    pagina: Address


class PassageList(Page):
    """Passages."""

    passaggi: Annotated[list[PassageOut], Field(min_length=0, max_length=MOST)]


class DocumentLine(Schema):
    """A document of a sitting that everyone may read."""

    nome_documento: Code
    titolo: Text
    natura: Text
    indirizzo: Address


class DocumentList(Schema):
    """The documents of a sitting that everyone may read."""

    documenti: Annotated[list[DocumentLine], Field(min_length=0, max_length=1_000)]


class Node(Schema):
    """A node of a document: `genere` says which, `figli` are what stands in it.

    `dati` are the node's own fields; `righe_registro` the entries of the journal it comes from.
    """

    genere: Code
    testo: Text
    dati: Annotated[list[Pair], Field(min_length=0, max_length=1_000)]
    righe_registro: Annotated[list[Whole], Field(min_length=0, max_length=MOST)]
    fonti: Annotated[list[Source], Field(min_length=0, max_length=MOST)]
    figli: Annotated[list[Node], Field(min_length=0, max_length=MOST)]


class Pair(Schema):
    """A field of a node."""

    campo: Code
    valore: Text


class Source(Schema):
    """Which seconds of the video a sentence was heard in."""

    dal_secondo: Seconds
    al_secondo: Seconds


class DocumentOut(DocumentLine):
    """A document as a tree."""

    sezioni: Annotated[list[Node], Field(min_length=0, max_length=MOST)]


class ActOut(Schema):
    """A delibera that was published; `testo` is full, omissis or none: what may be read today."""

    seduta: Uid
    nome_documento: Code
    tipo: Code
    oggetto: Text
    adottato_il: date
    anno: Whole
    numero: Whole
    testo: Code
    esecutiva: bool
    annullata: bool
    pagina: Address


class ActList(Page):
    """Published acts, the latest first."""

    atti: Annotated[list[ActOut], Field(min_length=0, max_length=MOST)]


class MemberOut(Schema):
    """Who sits in the council today."""

    codice: Code
    nome_proprio: Word
    cognome: Word
    carica: Word
    gruppo: Word
    ha_voto: bool


class MemberList(Schema):
    """The council today, the mayor first."""

    componenti: Annotated[list[MemberOut], Field(min_length=0, max_length=MOST)]


class Problem(Schema):
    """What went wrong, as RFC 9457 has it; also how the service is."""

    type: Annotated[str, Field(max_length=200, json_schema_extra={"format": "uri"})] = "about:blank"
    title: Word
    status: Annotated[int, Field(ge=100, le=599, json_schema_extra=INT32)]
    detail: Text
    instance: Address = ""
    code: Code = ""


Node.model_rebuild()
Facts = dict[str, Any]
