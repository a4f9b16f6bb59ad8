"""The demo: an authority, three platforms, and weeks of work done through the real verbs."""
