from tests.astria.conftest import api, film, picture, poor_api, server

__all__ = ["api", "film", "picture", "poor_api", "server"]
