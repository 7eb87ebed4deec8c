"""The addresses of a case's findings, under /staff/requests/<reference>/."""

from django.urls import path

from fulfillment.findings import views
from fulfillment.findings.decisions import views as decisions
from fulfillment.findings.suggestions import views as suggestions

app_name = "findings"
urlpatterns = [
    path("items/", views.findings, name="findings"),
    path("items/<uuid:finding_id>/", views.finding, name="finding"),
    path("items/<uuid:finding_id>/record/", decisions.item, name="decide_item"),
    path("items/<uuid:finding_id>/rule/", decisions.rule, name="decide_rule"),
    path("items/<uuid:finding_id>/suggestion/", suggestions.answer, name="suggestion"),
    path("items/<uuid:finding_id>/scan/", suggestions.scan, name="scan"),
    path("items/suggestions/", suggestions.everything, name="suggestions"),
    path("items/<uuid:finding_id>/search/", views.search, name="search"),
    path("items/<uuid:finding_id>/reveal/", views.reveal, name="reveal"),
    path("items/undo/", decisions.take_back_last, name="undo_last"),
    path("items/undo/<uuid:decision_id>/", decisions.take_back, name="undo"),
    path("items/<uuid:finding_id>/files/<uuid:file_id>/", views.file, name="file"),
]
