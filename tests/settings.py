"""The product's own settings, in a data folder of the test run's own."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="house-test-"))
os.environ.setdefault("LOG_LEVEL", "ERROR")

from astria_clone.settings import *  # noqa: F403, E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
CATALOGUE_TTL_S = 0  # a rolled back test leaves no rows behind
