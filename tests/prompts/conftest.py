from tests.astria.conftest import api, film, house_tunes, picture, poor_api, server

__all__ = ["api", "film", "house_tunes", "picture", "poor_api", "server"]
