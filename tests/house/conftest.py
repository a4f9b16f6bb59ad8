import pytest

from tests.house.rivals import Rivals


@pytest.fixture
def rivals(cast) -> Rivals:
    return Rivals(cast)
