"""All addresses of the pages; the studio's (`/media`, `/events`, `/camera`) are behind the door."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("arengo.web.urls")),
    path("api/v1/", include("arengo.record.api.urls")),
    path("", include("arengo.council.urls")),
    path("", include("arengo.record.urls")),
    path("", include("arengo.live.urls")),
]

handler400 = "arengo.kernel.answers.bad_request"
handler403 = "arengo.kernel.answers.not_found"
handler404 = "arengo.kernel.answers.not_found"
handler500 = "arengo.kernel.answers.server_error"
