"""The addresses of recipients, under /staff/."""

from django.urls import path

from fulfillment.recipients import views, views_case

app_name = "recipients"
urlpatterns = [
    path("recipients/", views.recipients, name="recipients"),
    path("recipients/new/", views.new, name="new"),
    path("recipients/<slug:key>/", views.recipient, name="recipient"),
    path("requests/<str:reference>/recipients/", views_case.notices, name="notices"),
    path("recipient-notices/<uuid:task_id>/", views_case.notice, name="notice"),
    path("recipient-notices/<uuid:task_id>/again/", views_case.again, name="again"),
]
