import pytest
from django.conf import settings

from catalogue import loading
from engines import registry


@pytest.fixture(autouse=True)
def _engines():
    table = {"motion": "Full", "modest": "Modest", "small": "Small"}
    registry.configure({name: f"tests.catalogue.engines.{engine}" for name, engine in table.items()})
    yield
    registry.configure(settings.ENGINES)


@pytest.fixture
def catalogue(no_catalogue):
    """What the first load did."""
    return loading.load()
