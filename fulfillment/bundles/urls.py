"""The addresses of the download and of the public key."""

from django.urls import path

from fulfillment.bundles import views

app_name = "bundles"
urlpatterns = [
    path("requests/yours/download/<uuid:bundle_id>/", views.fetch, name="fetch"),
    path("public-key.pem", views.public_key, name="public-key"),
]
