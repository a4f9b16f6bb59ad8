"""The API under /api/v1/, first cut: requests and their answers, and the public register."""
