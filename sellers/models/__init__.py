"""The market: platforms, sellers and their accounts, listings, products and alerts."""

from sellers.models.listing import Listing
from sellers.models.platform import ContactPoint, Platform, PlatformRemark, RegimeAcceptance
from sellers.models.product import Alert, Picture, Product, ProductIdentifier
from sellers.models.seller import Seller, SellerAccount
from sellers.models.supplied import ListingData, SellerData

__all__ = [
    "Alert",
    "ContactPoint",
    "Listing",
    "ListingData",
    "Picture",
    "Platform",
    "PlatformRemark",
    "Product",
    "ProductIdentifier",
    "RegimeAcceptance",
    "Seller",
    "SellerAccount",
    "SellerData",
]
