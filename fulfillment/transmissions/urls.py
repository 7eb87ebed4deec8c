"""The person's addresses. None holds a reference: what is open is known to the session."""

from django.urls import path

from fulfillment.transmissions import views

app_name = "transmissions"
urlpatterns = [
    path("requests/yours/services/", views.services, name="services"),
    path("requests/yours/services/<uuid:transmission_id>/", views.service, name="service"),
    path("requests/yours/services/<uuid:transmission_id>/code/", views.send_code, name="code"),
    path("requests/yours/services/<uuid:transmission_id>/withdraw/", views.withdraw, name="withdraw"),
]
