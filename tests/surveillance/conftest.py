"""What the tests of the ground floor share."""

import pytest


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    """Hundreds of passwords are looked at here; how long one takes is not what is tried."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
