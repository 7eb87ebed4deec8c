"""The addresses of the staff's desk, under /staff/."""

from django.urls import path

from requests_app.review import queue, views, views_endings, views_messages, views_staff_mails
from requests_app.review.clock import views as clock_views
from requests_app.review.clock import views_asking
from requests_app.review.laws import views as law_views
from requests_app.review.letters import views as wording_views
from requests_app.review.letters import views_case as letter_views
from requests_app.review.proof import views as proof_views
from requests_app.review.proof.asking import views as proof_asking
from requests_app.review.proof.table import views as proof_table
from requests_app.review.retention import views as retention_views
from requests_app.review.weighing import views as weighing

app_name = "review"
urlpatterns = [
    path("", queue.home, name="home"),
    path("queue/", queue.queue, name="queue"),
    path("queue/csv/", queue.queue_csv, name="queue_csv"),
    path("queue/find/", queue.find, name="find"),
    path("mails/", views_staff_mails.staff_mails, name="staff_mails"),
    path("mails/<uuid:message_id>/again/", views_staff_mails.staff_mail_again, name="staff_mail_again"),
    path("queue/assign/", queue.assign, name="assign"),
    path("retention/", retention_views.retention, name="retention"),
    path("retention/hold/", retention_views.hold, name="hold_record"),
    path("retention/holds/<slug:family>/<uuid:hold_id>/", retention_views.look_again, name="look_at_hold"),
    path("retention/holds/<slug:family>/<uuid:hold_id>/lift/", retention_views.lift, name="lift_any_hold"),
    path("laws/", law_views.laws, name="laws"),
    path("laws/doubts/", law_views.doubts, name="doubts"),
    path("laws/<str:key>/", law_views.law, name="law"),
    path("requests/<str:reference>/", views.case, name="case"),
    path("proofs/", proof_table.proof_table, name="proof_table"),
    path("requests/<str:reference>/identity/", proof_views.identity, name="identity"),
    path("requests/<str:reference>/identity/more/", proof_asking.ask_more, name="ask_more_proof"),
    path("requests/<str:reference>/identity/lesser/", proof_asking.lesser, name="lesser_answer"),
    path("requests/<str:reference>/identity/sensitive/", proof_asking.sensitive, name="sensitive"),
    path("requests/<str:reference>/identity/points/", proof_asking.points, name="proof_points"),
    path("requests/<str:reference>/identity/paper/", proof_asking.paper, name="proof_paper"),
    path("requests/<str:reference>/identity/<uuid:verification_id>/", proof_views.proof, name="proof"),
    path(
        "requests/<str:reference>/identity/<uuid:verification_id>/look/", proof_views.look, name="proof_look"
    ),
    path(
        "requests/<str:reference>/identity/<uuid:verification_id>/file/",
        proof_views.evidence_file,
        name="proof_file",
    ),
    path("requests/<str:reference>/clock/", clock_views.clock, name="clock"),
    path("requests/<str:reference>/clock/extend/", clock_views.extend, name="extend"),
    path("requests/<str:reference>/clock/law/", clock_views.regime, name="regime"),
    path("requests/<str:reference>/ask/", views_asking.ask, name="ask"),
    path("requests/<str:reference>/answer/", views_asking.answer, name="answer"),
    path("requests/<str:reference>/messages/", views_messages.case_messages, name="messages"),
    path(
        "requests/<str:reference>/messages/<uuid:message_id>/again/", views_messages.again, name="send_again"
    ),
    path("requests/<str:reference>/letters/", letter_views.case_letters, name="letters"),
    path("requests/<str:reference>/letters/<uuid:letter_id>/", letter_views.case_letter, name="letter"),
    path(
        "requests/<str:reference>/letters/<uuid:letter_id>/how-far/",
        letter_views.case_letter_live,
        name="letter-live",
    ),
    path("words/", wording_views.kinds, name="wordings"),
    path("words/<slug:key>/<slug:language>/", wording_views.words, name="words"),
    path("words/<slug:key>/<slug:language>/preview.pdf", wording_views.preview_pdf, name="words_pdf"),
    path("words/<slug:key>/<slug:language>/shipped/", wording_views.shipped, name="words_shipped"),
    path("words/<slug:key>/<slug:language>/<int:number>/", wording_views.version, name="words_version"),
    path("requests/<str:reference>/decisions/", views.decisions, name="decisions"),
    path("requests/<str:reference>/decide/", weighing.decide, name="decide"),
    path("requests/<str:reference>/audit/", views.audit, name="audit"),
    path("requests/<str:reference>/name/", views.show_name, name="show_name"),
    path("requests/<str:reference>/forward/", views_endings.forward, name="forward"),
    path("requests/<str:reference>/join/", views_endings.join, name="join"),
    path("requests/<str:reference>/appeal/", views_endings.take_appeal, name="take_appeal"),
    path("requests/<str:reference>/moves/<str:name>/", views.move, name="move"),
]
