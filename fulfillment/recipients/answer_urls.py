"""The address behind the link that a recipient answers by; it holds a token and nothing else."""

from django.urls import path

from fulfillment.recipients import views_answer

app_name = "answer"
urlpatterns = [
    path("recipient/<str:token>", views_answer.answer, name="answer"),
    path("recipient/<str:token>/answer.json", views_answer.answer_by_system, name="answer-by-system"),
]
