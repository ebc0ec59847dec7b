"""The description of the interface follows the Italian rules, each cited by its name.

The rules are those of the public checker (italia/api-oas-checker-rules): what they ask is written
here anew, as assertions on the description itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from arengo.record.api.description import description, yaml_of
from arengo.record.api.routes import api

Facts = dict[str, Any]
ORIGIN = "https://consiglio.example.it"
DOCUMENT = description(origin=ORIGIN, contact_email="dati@example.it")
REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "api.md"


def resolve(value: Facts) -> Facts:
    while "$ref" in value:
        found: Any = DOCUMENT
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def operations() -> Iterator[tuple[str, str, Facts]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def responses() -> Iterator[tuple[str, str, Facts]]:
    for path, _, operation in operations():
        for status, response in operation["responses"].items():
            yield path, status, resolve(response)


def schemas(value: Any = DOCUMENT) -> Iterator[Facts]:
    """Yield everything that has a `type`."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for one in value.values():
            yield from schemas(one)
    elif isinstance(value, list):
        for one in value:
            yield from schemas(one)


def of_type(*types: str) -> list[Facts]:
    return [one for one in schemas() if one["type"] in types]


# --- metadata -----------------------------------------------------------------------------------


def test_no_swagger_2() -> None:
    assert DOCUMENT["openapi"].startswith("3.")


def test_has_x_summary_terms_contact_and_api_id() -> None:
    """Rules has-x-summary, has-termsOfService, has-contact, has-x-api-id."""
    info = DOCUMENT["info"]
    assert info["x-summary"] == info["summary"]
    assert info["termsOfService"].startswith(ORIGIN)
    assert info["contact"] == {
        "name": info["contact"]["name"],
        "url": f"{ORIGIN}/dati/",
        "email": "dati@example.it",
    }
    assert re.fullmatch(r"[0-9a-f-]{36}", info["x-api-id"])


def test_use_semver() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", DOCUMENT["info"]["version"])


def test_servers_use_https_or_are_a_sandbox() -> None:
    """Rule servers-use-https."""
    assert DOCUMENT["servers"][0]["url"] == f"{ORIGIN}/api/v1"
    assert description(origin="http://127.0.0.1:8000")["servers"][0]["x-sandbox"] is True


# --- paths and names ----------------------------------------------------------------------------


def test_paths_kebab_case() -> None:
    kebab = re.compile(r"(/[a-z0-9.-]+|/\{[a-zA-Z0-9_]+\})+")
    assert all(kebab.fullmatch(path) for path in DOCUMENT["paths"])


def test_paths_http_method() -> None:
    verbs = re.compile(r"/(get|post|put|delete|patch|create|remove|list)\b")
    assert not [path for path in DOCUMENT["paths"] if verbs.search(path)]


def test_no_method_name_in_operation_id() -> None:
    ids = [one["operationId"] for _, _, one in operations()]
    assert len(set(ids)) == len(ids)
    assert not [one for one in ids if re.match(r"(get|post|put|delete|patch|head)", one)]


def test_use_recommended_names() -> None:
    """Rules use-recommended-names-in-parameters and -in-schemas; one casing for all names."""
    unfit = re.compile(
        r"nome|name|surname|cf|fiscal_?(code|number)|(first|last)_?name", re.IGNORECASE
    )
    asked = [p["name"] for _, _, one in operations() for p in one["parameters"]]
    told = [name for one in of_type("object") for name in one.get("properties", {})]
    assert not [name for name in told if unfit.fullmatch(name)]
    assert not [name for name in asked if unfit.fullmatch(name) and name != "name"]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in [*asked, *told])


def test_schema_camel_case() -> None:
    assert all(
        re.fullmatch(r"([A-Z][a-z0-9]+)+", name) for name in DOCUMENT["components"]["schemas"]
    )


def test_http_request_get_no_body_and_nothing_but_get() -> None:
    """Rule http-request-GET-no-body."""
    assert {method for _, method, _ in operations()} == {"get"}
    assert not [one for _, _, one in operations() if "requestBody" in one]


# --- status -------------------------------------------------------------------------------------


def test_paths_status_is_a_problem() -> None:
    """Rules paths-status, paths-status-return-problem, paths-status-problem-schema."""
    found = DOCUMENT["paths"]["/status"]["get"]["responses"]
    for status in ("200", "503"):
        ((media, content),) = resolve(found[status])["content"].items()
        assert media == "application/problem+json"
        assert {"status", "title", "detail"} <= set(resolve(content["schema"])["properties"])


# --- answers ------------------------------------------------------------------------------------


def test_use_problem_json_for_errors() -> None:
    """Rules use-problem-json-for-errors and use-problem-schema."""
    for path, status, response in responses():
        if not status.startswith("2"):
            assert list(response["content"]) == ["application/problem+json"], (path, status)


def test_every_operation_tells_too_many_and_default() -> None:
    for path, _, operation in operations():
        assert {"200", "429", "503", "default"} <= set(operation["responses"]), path


def test_missing_ratelimit_and_missing_retry_after() -> None:
    for path, status, response in responses():
        headers = set(response["headers"])
        limits = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
        assert limits <= headers, (path, status)
        if status in ("429", "503"):
            assert "Retry-After" in headers, (path, status)


def test_cache_control_is_told_and_expires_is_not() -> None:
    """Rules cache-responses-undocumented and cache-responses-indeterminate-behavior."""
    for _, status, response in responses():
        if status.startswith("2"):
            assert "Cache-Control" in response["headers"]
            assert "Expires" not in response["headers"]
    assert "no-cache" in DOCUMENT["components"]["headers"]["Cache-Control"]["description"]


def test_no_forbidden_headers_and_no_x_headers() -> None:
    names = {name for _, _, response in responses() for name in response["headers"]}
    assert not {name.lower() for name in names} & {"accept", "content-type", "authorization"}
    assert not [n for n in names if n.lower().startswith("x-") and "ratelimit" not in n.lower()]


def test_response_with_json_object() -> None:
    for path, status, response in responses():
        for content in response["content"].values():
            assert resolve(content["schema"])["type"] == "object", (path, status)


# --- values -------------------------------------------------------------------------------------


def test_number_and_integer_format() -> None:
    """Rules integer-format, number-format, allowed-…; sec-number-boundaries."""
    assert of_type("integer")
    for one in of_type("integer", "number"):
        assert one["format"] in ("int32", "int64", "float", "double"), one
        assert {"minimum", "maximum"} <= set(one), one


def test_sec_string_maxlength_and_pattern() -> None:
    for one in of_type("string"):
        assert {"maxLength", "enum", "format"} & set(one), one
        assert {"pattern", "enum", "format"} & set(one), one


def test_sec_array_boundaries() -> None:
    assert all({"minItems", "maxItems"} <= set(one) for one in of_type("array"))


def test_sec_no_additional_properties() -> None:
    assert all(one["additionalProperties"] is False for one in of_type("object"))


def test_sec_credentials_parameters() -> None:
    asked = [p["name"] for _, _, one in operations() for p in one["parameters"]]
    assert not [name for name in asked if re.search(r"password|secret|apikey", name, re.IGNORECASE)]


# --- the addresses themselves ---------------------------------------------------------------------


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(DOCUMENT)
    for pointer in set(re.findall(r'"\$ref": "([^"]+)"', text)):
        assert resolve({"$ref": pointer})


@pytest.mark.django_db
def test_it_is_given_as_json_and_as_the_same_yaml(client: Client) -> None:
    as_json = client.get("/api/v1/openapi.json")
    as_yaml = client.get("/api/v1/openapi.yaml")
    assert as_json.json() == yaml.safe_load(as_yaml.content)
    assert as_json.json()["servers"][0]["url"] == "http://testserver/api/v1"


@pytest.mark.parametrize(
    "value",
    [{}, [], {"a": []}, {"a": {}}, [[1, [2]], {"b": None}], "è «:#\n\t", {"1": [True, 1.5]}],
)
def test_yaml_says_what_json_says(value: Any) -> None:
    assert yaml.safe_load(yaml_of(value)) == value


def test_every_operation_is_described_in_words_and_in_the_reference() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for path, _, operation in operations():
        assert operation["description"].endswith("."), path
        assert f"`GET {path}`" in text, f"docs/reference/api.md does not tell of {path}"
    told = set(re.findall(r"`GET (/[^`]*)`", text))
    assert told == set(DOCUMENT["paths"])


def test_what_the_interface_has_is_what_it_describes() -> None:
    routed = sum(len(one.path_operations) for one in api._get_bound_routers())
    assert routed == len(DOCUMENT["paths"])
