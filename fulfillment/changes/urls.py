"""The addresses of changes, under /staff/."""

from django.urls import path

from fulfillment.changes import staff_views, views

app_name = "changes"
urlpatterns = [
    path("changes/", views.mine, name="mine"),
    path("changes/<uuid:task_id>/", views.change, name="change"),
    path("changes/<uuid:task_id>/take/", views.take, name="take"),
    path("changes/<uuid:task_id>/person/", views.show_whom, name="show_whom"),
    path("changes/<uuid:task_id>/receipt/", views.receipt_file, name="receipt_file"),
    path("requests/<str:reference>/changes/", views.changes, name="changes"),
    path("requests/<str:reference>/dry-run/", staff_views.dry_run, name="dry_run"),
    path("requests/<str:reference>/result/", staff_views.result, name="result"),
]
