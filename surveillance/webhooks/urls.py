from django.urls import path

from surveillance.webhooks import api, log_pages, pages

urlpatterns = [
    path("webhooks/", pages.webhook_list, name="webhook-list"),
    path("webhooks/<str:reference>/", pages.webhook_detail, name="webhook-detail"),
    path(
        "webhooks/<str:reference>/rotate_secret/",
        pages.rotate_secret,
        name="webhook-rotate_secret",
    ),
    *pages.ENDPOINT.urls(),
    path("deliveries/", log_pages.delivery_list, name="delivery-list"),
    path("deliveries/replay/", log_pages.replay_many, name="delivery-replay-many"),
    path("deliveries/<uuid:pk>/", log_pages.delivery, name="delivery"),
    path("deliveries/<uuid:pk>/replay/", log_pages.replay, name="delivery-replay"),
    path("api/v1/webhooks/", api.WebhookList.as_view(), name="api-webhook-list"),
    path("api/v1/webhooks/events/", api.WebhookEvents.as_view(), name="api-webhook-events"),
    path("api/v1/webhooks/<str:reference>/", api.WebhookDetail.as_view(), name="api-webhook"),
    path(
        "api/v1/webhooks/<str:reference>/secret/",
        api.WebhookSecret.as_view(),
        name="api-webhook-secret",
    ),
    path(
        "api/v1/webhooks/<str:reference>/ping/",
        api.WebhookPing.as_view(),
        name="api-webhook-ping",
    ),
    path(
        "api/v1/webhooks/<str:reference>/deliveries/",
        api.WebhookDeliveries.as_view(),
        name="api-webhook-deliveries",
    ),
    path(
        "api/v1/webhooks/<str:reference>/deliveries/<uuid:pk>/",
        api.WebhookDelivery.as_view(),
        name="api-webhook-delivery",
    ),
    path(
        "api/v1/webhooks/<str:reference>/replay/",
        api.WebhookReplay.as_view(),
        name="api-webhook-replay",
    ),
]
