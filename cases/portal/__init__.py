"""The platform's side: what it is asked, by when, on what ground, and its answers."""
