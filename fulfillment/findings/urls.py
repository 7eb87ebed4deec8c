"""The addresses of a case's findings, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.findings import views

app_name = "findings"
urlpatterns = [
    path("items/", views.findings, name="findings"),
    path("items/<uuid:finding_id>/", views.finding, name="finding"),
    path("items/<uuid:finding_id>/files/<uuid:file_id>/", views.file, name="file"),
]
