"""The addresses for staff, under /staff/."""

from django.urls import path

from fulfillment.transmissions import staff_views

app_name = "sending"
urlpatterns = [
    path("sending/", staff_views.waiting, name="waiting"),
    path("requests/<str:reference>/sending/", staff_views.of_case, name="of_case"),
    path("sending/<uuid:transmission_id>/", staff_views.one, name="one"),
    path("sending/<uuid:transmission_id>/look/", staff_views.look, name="look"),
    path("sending/<uuid:transmission_id>/approve/", staff_views.approve, name="approve"),
    path("sending/<uuid:transmission_id>/again/", staff_views.again, name="again"),
    path("sending/<uuid:transmission_id>/seen/", staff_views.seen, name="seen"),
]
