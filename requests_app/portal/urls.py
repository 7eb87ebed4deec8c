"""The addresses of the person's own pages. None holds a reference: what is open is known to the session."""

from django.urls import path

from requests_app.portal import (
    views,
    views_appeal,
    views_deletion,
    views_entry,
    views_letters,
    views_note,
    views_objection,
    views_question,
    views_renew,
)
from requests_app.portal.proof import views as proof_views

app_name = "portal"
urlpatterns = [
    path("requests/", views_entry.enter, name="enter"),
    path("requests/new-code/", views_entry.new_code, name="new-code"),
    path("requests/code-sent/", views_entry.code_sent, name="code-sent"),
    path("requests/leave/", views_entry.leave, name="leave"),
    path("requests/yours/", views.status, name="status"),
    path("requests/yours/other/", views.open_other, name="open-other"),
    path("requests/yours/withdraw/", views.withdraw, name="withdraw"),
    path("requests/yours/question/", views_question.question, name="question"),
    path("requests/yours/proof/", proof_views.choose, name="proof"),
    path("requests/yours/proof/sign-in/", proof_views.sign_in, name="sign-in"),
    path("requests/yours/proof/signed-in/", proof_views.signed_in, name="signed-in"),
    path("requests/yours/proof/<uuid:verification_id>/", proof_views.take_back, name="take-back-proof"),
    path("requests/yours/proof/<slug:key>/", proof_views.give, name="give-proof"),
    path("requests/yours/instead/", proof_views.instead, name="instead"),
    path("requests/yours/note/", views_note.note, name="note"),
    path("requests/yours/appeal/", views_appeal.appeal, name="appeal"),
    path("requests/yours/renew/", views_renew.renew, name="renew"),
    path("requests/yours/download/", views.download, name="download"),
    path("requests/yours/download/code/", views.send_download_code, name="download-code"),
    path("requests/yours/letters/<uuid:letter_id>/", views_letters.letter, name="letter"),
    path(
        "requests/yours/letters/<uuid:letter_id>/being-set/",
        views_letters.letter_being_set,
        name="letter-being-set",
    ),
    path("stop/<str:token>", views_deletion.cancel_deletion, name="cancel-deletion"),
    path("object/<str:token>", views_objection.object_to_guardian, name="object"),
    path("confirm/<str:token>", views_entry.confirm, name="confirm"),
]
