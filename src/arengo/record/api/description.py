"""The description of the interface in OpenAPI 3.1, as the Italian guidelines on APIs want it.

References
----------
AgID, "Linee guida sull'interoperabilità tecnica delle pubbliche amministrazioni" and the rules of
the public checker of the Dipartimento per la trasformazione digitale (api-oas-checker-rules).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from arengo.record.api.limits import REQUESTS
from arengo.record.api.routes import api

PROBLEM = "application/problem+json"
API_ID = "2b7d0c1e-6c0a-4f0e-9a51-0f6f5c1b7d29"
SUMMARY = "Sedute, votazioni, presenze, interventi e atti dei Consigli comunali, in sola lettura."
ABOUT = (
    "I dati pubblici delle sedute dei Consigli comunali, senza registrazione. Gli elenchi lunghi si "
    "sfogliano con «limite» e «scarto». Gli indirizzi sono stabili. Ogni risposta ha un ETag: chi lo "
    "rimanda in If-None-Match riceve 304 se nulla è cambiato. Licenza dei dati: CC BY 4.0, salvo che "
    "il catalogo del Comune dica altro. / Public data of Italian council sittings, read only."
)
Facts = dict[str, Any]


def description(*, origin: str, contact_email: str = "") -> Facts:
    """Return the description for an installation at `origin`, such as `https://example.it`."""
    made: Facts = json.loads(json.dumps(api.get_openapi_schema(path_prefix="", path_params={})))
    made["info"] |= {
        "description": ABOUT,
        "summary": SUMMARY,
        "x-summary": SUMMARY,
        "x-api-id": API_ID,
        "termsOfService": f"{origin}/dati/",
        "contact": {
            "name": "Dati aperti dell'installazione",
            "url": f"{origin}/dati/",
            **({"email": contact_email} if contact_email else {}),
        },
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }
    made["servers"] = [_server(origin)]
    made["tags"] = [{"name": name, "description": f"Dati: {name}."} for name in sorted(_tags(made))]
    for path in made["paths"].values():
        for operation in path.values():
            _complete(operation)
    made["components"]["headers"] = HEADERS
    made["components"]["responses"] = {"Problem": _problem("Che cosa non va, e che cosa fare")}
    _status(made["paths"]["/status"]["get"])
    for schema in _schemas(made, "object"):
        schema.setdefault("additionalProperties", False)
    for schema in _schemas(made, "integer"):
        schema.setdefault("format", "int32")
    return made


def _server(origin: str) -> Facts:
    """Return the server; without https it is somebody's own machine, and says so."""
    made: Facts = {"url": f"{origin}/api/v1", "description": "Questa installazione"}
    if not origin.startswith("https://"):
        made["x-sandbox"] = True
    return made


def _tags(made: Facts) -> set[str]:
    every = (one for path in made["paths"].values() for one in path.values())
    return {tag for one in every for tag in one["tags"]}


def _number(about: str) -> Facts:
    schema = {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2**31 - 1}
    return {"description": about, "schema": schema}


def _text(about: str, most: int) -> Facts:
    return {
        "description": about,
        "schema": {"type": "string", "maxLength": most, "pattern": "^[ -~]*$"},
    }


HEADERS: Facts = {
    "X-RateLimit-Limit": _number(f"Richieste ammesse al minuto: {REQUESTS}"),
    "X-RateLimit-Remaining": _number("Richieste che restano"),
    "X-RateLimit-Reset": _number("Secondi alla ripartenza del conto"),
    "Retry-After": _number("Secondi da attendere"),
    "Cache-Control": _text(
        "Sempre «public, no-cache»: si può tenere, chiedendo se è cambiato", 100
    ),
    "ETag": _text("L'impronta della risposta, per If-None-Match", 100),
    "Link": _text("La licenza, rel=license", 200),
}
LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def _headers(*names: str) -> Facts:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(about: str, *headers: str) -> Facts:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": about,
        "headers": _headers(*LIMITS, *headers),
        "content": {PROBLEM: {"schema": schema}},
    }


def _complete(operation: Facts) -> None:
    """Add what every operation answers: headers, too many requests, refusals."""
    responses = operation["responses"]
    responses["200"]["description"] = "La risposta"
    responses["200"]["headers"] = _headers(*LIMITS, "Cache-Control", "ETag", "Link")
    names = {one["name"] for one in operation["parameters"]}
    if names & {"slug", "uid"}:
        responses["404"] = _problem("Non c'è, o non è pubblico")
    if "uid" in names:
        responses["409"] = _problem("La seduta non è ancora conclusa")
    if names:
        responses["422"] = _problem("Un parametro non è valido")
    responses["429"] = _problem("Troppe richieste", "Retry-After")
    responses["503"] = _problem("Il servizio non risponde", "Retry-After")
    responses["default"] = {"$ref": "#/components/responses/Problem"}


def _status(operation: Facts) -> None:
    """Have the status answer as a problem, which is what the guidelines want."""
    content = operation["responses"]["200"]["content"]
    operation["responses"]["200"]["content"] = {PROBLEM: content.pop("application/json")}


def _schemas(value: Any, type_: str) -> Iterator[Facts]:
    """Yield every schema of a type, wherever it is."""
    if isinstance(value, dict):
        if value.get("type") == type_:
            yield value
        for one in value.values():
            yield from _schemas(one, type_)
    elif isinstance(value, list):
        for one in value:
            yield from _schemas(one, type_)


def yaml_of(value: Any, indent: int = 0) -> str:
    """Return JSON values as YAML in blocks, every text in double quotes."""
    space = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{space}{_quoted(str(k))}:{_inside(v, indent)}" for k, v in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{space}-{_inside(one, indent)}" for one in value)
    return f"{space}{_quoted(value)}\n"


def _inside(value: Any, indent: int) -> str:
    if isinstance(value, dict | list) and value:
        return "\n" + yaml_of(value, indent + 1)
    return f" {_quoted(value)}\n"


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)
