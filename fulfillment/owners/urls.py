"""The addresses of owners; none of them says whom a task is about."""

from django.urls import path

from fulfillment.owners import views

app_name = "owners"
urlpatterns = [
    path("task/", views.task, name="task"),
    path("task/records/", views.records, name="records"),
    path("task/document/", views.paper, name="paper"),
    path("task/take-back/<uuid:upload_id>/", views.remove, name="remove"),
    path("task/answer/", views.answer, name="answer"),
    path("task/leave/", views.leave, name="leave"),
    path("task/link/<str:token>/", views.door, name="door"),
    path("task/link/<str:token>/code/", views.send_code, name="send_code"),
    path("task/link/<str:token>/again/", views.new_link, name="new_link"),
    path("staff/requests/<str:reference>/owners/<uuid:task_id>/", views.reassign, name="reassign"),
]
