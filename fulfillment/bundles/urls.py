"""The addresses of the download, of the page that checks a copy, and of the keys."""

from django.urls import path

from fulfillment.bundles import views, views_passphrase, views_verify

app_name = "bundles"
urlpatterns = [
    path("requests/yours/download/<uuid:bundle_id>/", views.fetch, name="fetch"),
    path("requests/yours/download/<uuid:bundle_id>/<int:number>/", views.fetch, name="fetch-part"),
    path(
        "requests/yours/download/<uuid:bundle_id>/<int:number>/passphrase/",
        views_passphrase.fetch_protected,
        name="fetch-protected",
    ),
    path("verify/", views_verify.verify, name="verify"),
    path("verify/offline/", views_verify.verify_offline, name="verify-offline"),
    path("public-key.pem", views_verify.public_key, name="public-key"),
    path(".well-known/omne-dsar/signing-keys.json", views_verify.signing_keys, name="signing-keys"),
]
