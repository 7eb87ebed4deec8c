"""The addresses of the public form and of the pages that explain it."""

from django.urls import path

from requests_app.intake.web import views

app_name = "intake"
urlpatterns = [
    path("", views.start, name="start"),
    path("ask/check/", views.check, name="check"),
    path("ask/sent/", views.sent, name="sent"),
    path("ask/sent/date.ics", views.sent_calendar, name="sent-calendar"),
    path("ask/another-way/", views.another_way, name="another-way"),
    path("ask/<slug:key>/", views.question, name="question"),
    path("policy/", views.policy, name="policy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("identity/", views.identity, name="identity"),
]
