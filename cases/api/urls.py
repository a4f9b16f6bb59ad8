from django.urls import path

from cases.api import alerts, schema, takedowns

urlpatterns = [
    path("api/v1/", schema.docs, name="api"),
    path("api/v1/docs/", schema.docs, name="api-docs"),
    path("api/v1/schema/", schema.Schema.as_view(), name="api-schema"),
    path("api/v1/alerts/", alerts.AlertList.as_view(), name="api-alert-list"),
    path("api/v1/alerts/<str:reference>/", alerts.AlertDetail.as_view(), name="api-alert"),
    path("api/v1/takedowns/", takedowns.TakedownList.as_view(), name="api-takedown-list"),
    path(
        "api/v1/takedowns/<str:reference>/",
        takedowns.TakedownDetail.as_view(),
        name="api-takedown",
    ),
    path(
        "api/v1/takedowns/<str:reference>/acknowledge/",
        takedowns.Acknowledge.as_view(),
        name="api-takedown-acknowledge",
    ),
    path(
        "api/v1/takedowns/<str:reference>/answers/",
        takedowns.Answers.as_view(),
        name="api-takedown-answers",
    ),
]
