"""The address of the evidence, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.evidence import views

app_name = "evidence"
urlpatterns = [path("evidence/", views.evidence, name="export")]
