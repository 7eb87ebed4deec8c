"""Every address of the work app."""

from django.urls import include, path

urlpatterns = [
    path("", include("fulfillment.bundles.urls")),
    path("callbacks/", include("fulfillment.callbacks.urls")),
    path("", include("fulfillment.transmissions.urls")),
    path("staff/", include("fulfillment.transmissions.staff_urls")),
    path("", include("fulfillment.owners.urls")),
    path("", include("fulfillment.recipients.answer_urls")),
    path("staff/", include("fulfillment.recipients.urls")),
    path("", include("fulfillment.changes.by_owner.urls")),
    path("staff/", include("fulfillment.changes.urls")),
    path("staff/sources/", include("fulfillment.sources.urls")),
    path("staff/", include("fulfillment.introspection.urls")),
    path("staff/requests/<str:reference>/", include("fulfillment.runs.urls")),
    path("staff/requests/<str:reference>/", include("fulfillment.runs.known_by.urls")),
    path("staff/requests/<str:reference>/", include("fulfillment.findings.urls")),
    path("staff/requests/<str:reference>/", include("fulfillment.sweeps.urls")),
    path("staff/requests/<str:reference>/", include("fulfillment.bundles.staff_urls")),
    path("staff/requests/<str:reference>/", include("fulfillment.evidence.urls")),
]
