"""Long work as rows: how far it is, what it found wrong, and a way to stop it."""
