"""The addresses of the release and of a copy in trouble, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.bundles import staff_views, views_renew

app_name = "release"
urlpatterns = [
    path("release/", staff_views.release, name="release"),
    path("copy/renew/", views_renew.renew, name="renew"),
    path("copy/", staff_views.copy_trouble, name="trouble"),
]
