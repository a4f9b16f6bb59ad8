from django.urls import path

from sellers.api import screening, supplied, views

urlpatterns = [
    path("api/v1/sellers/", views.SellerList.as_view(), name="api-seller-list"),
    path("api/v1/sellers/<str:reference>/", views.SellerDetail.as_view(), name="api-seller"),
    path("api/v1/platforms/", views.PlatformList.as_view(), name="api-platform-list"),
    path("api/v1/platforms/<slug:slug>/", views.PlatformDetail.as_view(), name="api-platform"),
    path(
        "api/v1/platforms/<slug:slug>/sellers/",
        supplied.SellerDataList.as_view(),
        name="api-seller-data-list",
    ),
    path(
        "api/v1/platforms/<slug:slug>/sellers/<str:handle>/",
        supplied.SellerDataDetail.as_view(),
        name="api-seller-data",
    ),
    path("api/v1/listings/", views.ListingList.as_view(), name="api-listing-list"),
    path("api/v1/listings/<str:reference>/", views.ListingDetail.as_view(), name="api-listing"),
    path("api/v1/products/", views.ProductList.as_view(), name="api-product-list"),
    path("api/v1/products/<str:reference>/", views.ProductDetail.as_view(), name="api-product"),
    path("api/v1/alerts/", views.AlertList.as_view(), name="api-alert-list"),
    path("api/v1/alerts/<str:reference>/", views.AlertDetail.as_view(), name="api-alert"),
    path("api/v1/screening/check", screening.Check.as_view(), name="api-screening-check"),
]
