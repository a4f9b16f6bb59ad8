"""The market through the API: sellers, platforms, products, listings and the public register."""
