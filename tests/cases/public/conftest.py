import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_been_counted() -> None:
    """The throttles of a test begin at nothing."""
    cache.clear()
