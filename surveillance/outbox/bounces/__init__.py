"""Letters that come back: the notices of mail servers are read, and the letters marked."""
