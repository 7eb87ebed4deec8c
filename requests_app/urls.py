"""The addresses of this app: the form and the person's pages at the root, the staff's under /staff/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("requests_app.intake.web.urls")),
    path("", include("requests_app.portal.urls")),
    path("staff/", include("requests_app.review.urls")),
    path("staff/account/", include("requests_app.accounts.urls")),
    path("components/", include("requests_app.gallery.urls")),
]
