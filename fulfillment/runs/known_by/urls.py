"""The addresses of what a person is known by, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.runs.known_by import views

app_name = "known_by"
urlpatterns = [
    path("known-by/", views.known_by, name="list"),
    path("known-by/add/", views.add, name="add"),
    path("known-by/<uuid:identity_id>/accept/", views.accept, name="accept"),
    path("known-by/<uuid:identity_id>/refuse/", views.refuse, name="refuse"),
]
