"""Addresses of the interface, under `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from arengo.record.api.routes import patterns
from arengo.record.views import open_data

app_name = "api-1"
urlpatterns = [
    path("openapi.json", open_data.openapi_json, name="openapi_json"),
    path("openapi.yaml", open_data.openapi_yaml, name="openapi_yaml"),
    *patterns(),
]
