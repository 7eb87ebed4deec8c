"""The address of the release, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.bundles import staff_views

app_name = "release"
urlpatterns = [path("release/", staff_views.release, name="release")]
