"""The addresses of a case's sweeps, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.sweeps import views

app_name = "sweeps"
urlpatterns = [
    path("traces/", views.traces, name="traces"),
    path("traces/begin/", views.begin, name="begin"),
    path("traces/<uuid:task_id>/live/", views.live, name="live"),
    path("traces/<uuid:task_id>/retry/", views.retry, name="retry"),
    path("traces/decide/", views.decide, name="decide"),
    path("traces/map/<slug:key>/", views.additions, name="additions"),
]
