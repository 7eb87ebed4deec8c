"""The addresses of proposals and of the coverage, under /staff/."""

from django.urls import path

from fulfillment.introspection import views

app_name = "maps"
urlpatterns = [
    path("coverage/", views.coverage, name="coverage"),
    path("sources/<slug:key>/look/", views.look, name="look"),
    path("sources/<slug:key>/changes/", views.changes, name="changes"),
]
