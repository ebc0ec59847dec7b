"""The public JSON interface, read only: `/api/v1/…`, described in OpenAPI 3.1."""
