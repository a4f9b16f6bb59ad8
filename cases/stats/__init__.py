"""The numbers: each one is defined once, and leads back to the rows behind it."""
