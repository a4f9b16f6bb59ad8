"""The market on the desk: sellers, platforms, products, listings, alerts."""
