"""The market: platforms, sellers and their accounts, listings, products and alerts."""

from sellers.models.listing import Listing
from sellers.models.platform import ContactPoint, Platform
from sellers.models.product import Alert, Picture, Product, ProductIdentifier
from sellers.models.seller import Seller, SellerAccount

__all__ = [
    "Alert",
    "ContactPoint",
    "Listing",
    "Picture",
    "Platform",
    "Product",
    "ProductIdentifier",
    "Seller",
    "SellerAccount",
]
