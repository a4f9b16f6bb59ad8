"""The demo's clock: the system's, put forward. In production nothing of this runs."""
