"""The addresses of a case's sources, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.runs import views

app_name = "runs"
urlpatterns = [
    path("sources/", views.sources, name="sources"),
    path("sources/plan/", views.plan, name="plan"),
    path("sources/live/", views.live, name="live"),
    path("sources/<uuid:task_id>/retry/", views.retry, name="retry"),
    path("sources/<uuid:task_id>/exclude/", views.exclude, name="exclude"),
]
