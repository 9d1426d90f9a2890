"""The product's own settings, in a data folder of the test run's own."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="house-test-"))
os.environ.setdefault("LOG_LEVEL", "ERROR")

from astria_clone.settings import *  # noqa: F403
from astria_clone.settings import DATA_DIR, DATABASES, ON_SQLITE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
# Pages link to the files of the source tree; `setup`, which gives them their hashed names, is tested by itself.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CATALOGUE_TTL_S = 0  # a rolled back test leaves no rows behind
# Processes that test side by side share DATA_DIR, each with a database of its own: what one renders or takes in, the
# others would take for abandoned.
WORK_DIR = Path(tempfile.mkdtemp(prefix="work-", dir=DATA_DIR))
FILE_UPLOAD_TEMP_DIR = tempfile.mkdtemp(prefix="tmp-", dir=DATA_DIR)
if ON_SQLITE:
    # A file, as in the product: threads of an in-memory database would share one connection's locks.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
# The doorbell rings in this process only; `run_jobs` works off what the outbox holds. Set here, not in the
# environment, so that servers and workers which a test starts have the product's broker.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.01}
