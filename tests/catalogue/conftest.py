import pytest
from django.conf import settings

from catalogue import loading
from engines import registry


@pytest.fixture(autouse=True)
def _engines():
    registry.configure({"motion": "tests.catalogue.engines.Full", "modest": "tests.catalogue.engines.Modest"})
    yield
    registry.configure(settings.ENGINES)


@pytest.fixture
def catalogue(db):
    return loading.load()
