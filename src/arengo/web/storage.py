"""How static files are named and compressed."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types for it
    """Hash the addresses inside JavaScript modules too, so that a page never mixes versions."""

    support_js_module_import_aggregation = True
