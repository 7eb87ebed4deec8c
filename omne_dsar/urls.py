"""The addresses of the whole product."""

from django.urls import URLPattern, URLResolver, include, path

from omne_dsar import health, metrics

handler400 = "requests_app.error_pages.bad_request"
handler403 = "requests_app.error_pages.forbidden"
handler404 = "requests_app.error_pages.not_found"
handler429 = "requests_app.error_pages.too_many"
handler500 = "requests_app.error_pages.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/alive", health.alive, name="health-alive"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("requests_app.urls")),
    path("", include("fulfillment.urls")),
]
