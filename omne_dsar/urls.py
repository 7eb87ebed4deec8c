"""The addresses of the whole product."""

from django.urls import path

from omne_dsar import health

urlpatterns = [
    path("health/alive", health.alive, name="health-alive"),
    path("health/ready", health.ready, name="health-ready"),
]
