"""Addresses of the market on the desk. Fixed words stand before references."""

from django.urls import path

from sellers.pages import (
    alerts,
    imports,
    listings,
    platform_invitation,
    platforms,
    products,
    sellers,
)

urlpatterns = [
    path("desk/sellers/", sellers.seller_list, name="seller-list"),
    path("desk/sellers/register/", sellers.register, name="seller-register"),
    path("desk/sellers/<str:reference>/", sellers.seller_detail, name="seller-detail"),
    *sellers.PAGES.urls(),
    path("desk/platforms/", platforms.platform_list, name="platform-list"),
    path("desk/platforms/register/", platform_invitation.invite_platform, name="platform-register"),
    path("desk/platforms/<slug:slug>/", platforms.platform_detail, name="platform-detail"),
    path("desk/products/", products.product_list, name="product-list"),
    path("desk/products/record/", products.record, name="product-record"),
    path("desk/products/<str:reference>/", products.product_detail, name="product-detail"),
    path("desk/products/<str:reference>/alert/", alerts.draft, name="desk-alert-draft"),
    path("desk/listings/", listings.listing_list, name="listing-list"),
    path("desk/listings/record/", listings.record, name="listing-record"),
    path("desk/listings/<str:reference>/", listings.listing_detail, name="listing-detail"),
    path(
        "desk/listings/<str:reference>/matches/", listings.listing_matches, name="listing-matches"
    ),
    *listings.PAGES.urls(),
    path("desk/alerts/", alerts.alert_list, name="desk-alert-list"),
    path("desk/alerts/<str:reference>/", alerts.alert_detail, name="desk-alert-detail"),
    *alerts.PAGES.urls(),
    path("desk/imports/", imports.import_list, name="import-list"),
    path("desk/imports/upload/", imports.upload, name="import-upload"),
    path("desk/imports/<str:reference>/", imports.import_detail, name="import-detail"),
    path("desk/imports/<str:reference>/progress/", imports.progress, name="import-progress"),
    path("desk/imports/<str:reference>/problems.csv", imports.problems, name="import-problems"),
    *imports.PAGES.urls(),
]
