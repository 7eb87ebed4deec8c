"""The addresses of the sources, under /staff/sources/."""

from django.urls import path

from fulfillment.sources import views

app_name = "sources"
urlpatterns = [
    path("", views.sources, name="sources"),
    path("<slug:key>/", views.source, name="source"),
    path("<slug:key>/check/", views.check, name="check"),
]
