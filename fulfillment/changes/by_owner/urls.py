"""The address of a change for whoever answers for its source."""

from django.urls import path

from fulfillment.changes.by_owner import views

app_name = "owner_changes"
urlpatterns = [path("task/change/", views.change, name="change")]
