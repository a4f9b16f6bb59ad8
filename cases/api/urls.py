from django.urls import path

from cases.api import cases, items, reports, sandbox, schema, takedowns

urlpatterns = [
    path("api/v1/", schema.docs, name="api"),
    path("api/v1/docs/", schema.docs, name="api-docs"),
    path("api/v1/schema/", schema.Schema.as_view(), name="api-schema"),
    path("api/v1/reports/", reports.ReportList.as_view(), name="api-report-list"),
    path("api/v1/reports/<str:reference>/", reports.ReportDetail.as_view(), name="api-report"),
    path("api/v1/cases/", cases.CaseList.as_view(), name="api-case-list"),
    path("api/v1/cases/<str:reference>/", cases.CaseDetail.as_view(), name="api-case"),
    path("api/v1/items/", items.ItemList.as_view(), name="api-item-list"),
    path("api/v1/sandbox/takedowns/", sandbox.Sandbox.as_view(), name="api-sandbox"),
    path("api/v1/takedowns/", takedowns.TakedownList.as_view(), name="api-takedown-list"),
    path(
        "api/v1/takedowns/<str:reference>/",
        takedowns.TakedownDetail.as_view(),
        name="api-takedown",
    ),
    path(
        "api/v1/takedowns/<str:reference>/items/<int:number>/",
        items.ItemDetail.as_view(),
        name="api-item",
    ),
    path(
        "api/v1/takedowns/<str:reference>/items/<int:number>/answer/",
        items.ItemAnswer.as_view(),
        name="api-item-answer",
    ),
    path(
        "api/v1/takedowns/<str:reference>/items/<int:number>/appeal/",
        items.ItemAppeal.as_view(),
        name="api-item-appeal",
    ),
    path(
        "api/v1/takedowns/<str:reference>/items/<int:number>/listing/",
        items.ItemListingData.as_view(),
        name="api-item-listing-data",
    ),
    path(
        "api/v1/takedowns/<str:reference>/extensions/",
        takedowns.Extensions.as_view(),
        name="api-takedown-extensions",
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
