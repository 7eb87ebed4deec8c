"""The addresses of changes, under /staff/."""

from django.urls import path

from fulfillment.changes import staff_views, views
from fulfillment.changes.by_connector import views as by_connector
from fulfillment.changes.certify import views as certify
from fulfillment.changes.read_backs import views as read_backs
from fulfillment.changes.record_holds import views as record_holds
from fulfillment.changes.rehearsals import views as rehearsals

app_name = "changes"
urlpatterns = [
    path("changes/", views.mine, name="mine"),
    path("changes/<uuid:task_id>/", views.change, name="change"),
    path("changes/<uuid:task_id>/take/", views.take, name="take"),
    path("changes/<uuid:task_id>/person/", views.show_whom, name="show_whom"),
    path("changes/<uuid:task_id>/again/", by_connector.again, name="again"),
    path("changes/<uuid:task_id>/take-over/", by_connector.take_over_by_hand, name="take_over"),
    path("changes/<uuid:task_id>/fields/", by_connector.fields, name="fields"),
    path("requests/<str:reference>/changes/hold/", by_connector.hold, name="hold"),
    path("requests/<str:reference>/changes/hold/day/", by_connector.last_day, name="hold_last_day"),
    path("requests/<str:reference>/changes/lift-hold/", by_connector.lift, name="lift_hold"),
    path("changes/<uuid:task_id>/receipt/", views.receipt_file, name="receipt_file"),
    path("requests/<str:reference>/changes/<uuid:task_id>/again/", read_backs.again, name="look_after_again"),
    path("requests/<str:reference>/changes/<uuid:task_id>/stand/", read_backs.stand, name="let_stand"),
    path("requests/<str:reference>/changes/<uuid:task_id>/live/", by_connector.live, name="live"),
    path("requests/<str:reference>/changes/", views.changes, name="changes"),
    path("requests/<str:reference>/dry-run/", staff_views.dry_run, name="dry_run"),
    path(
        "requests/<str:reference>/dry-run/<uuid:finding_id>/holds/", record_holds.records, name="record_holds"
    ),
    path(
        "requests/<str:reference>/record-holds/<uuid:hold_id>/lift/",
        record_holds.lift,
        name="lift_record_hold",
    ),
    path("requests/<str:reference>/looks/<uuid:task_id>/again/", rehearsals.again, name="look_again"),
    path("requests/<str:reference>/looks/<uuid:task_id>/by-hand/", rehearsals.by_hand, name="by_hand"),
    path("requests/<str:reference>/certify/", certify.certify, name="certify"),
    path("requests/<str:reference>/result/", staff_views.result, name="result"),
]
