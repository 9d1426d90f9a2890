"""Every setting, from the environment, with defaults that run on a fresh clone. Nothing else reads the environment."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from astria_clone import env
from common.safe_fetch import parse_allowance
from engines import registry

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).absolute()
try:
    DATA_DIR.mkdir(0o700, parents=True, exist_ok=True)  # keys' digests, prompts and pictures are in there
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR: {DATA_DIR} can't be used: {error.strerror}.") from error

# Where people reach us (D29). Loopback means a laptop: friendly defaults. Anything else has to be set up in full.
PORT = env.integer("PORT", 8000, low=1, high=65535)
PUBLIC_URL = env.origin("PUBLIC_URL", f"http://localhost:{PORT}")
_public = urlsplit(PUBLIC_URL)
LOOPBACK = _public.hostname in ("localhost", "127.0.0.1", "::1")
if not LOOPBACK and _public.scheme != "https":
    raise ImproperlyConfigured("PUBLIC_URL: https is required on any host but localhost.")
BIND = env.text("BIND", "127.0.0.1" if LOOPBACK else "0.0.0.0")  # noqa: S104  behind the operator's TLS proxy
_HOSTS = "localhost,queue.localhost,127.0.0.1,[::1]" if LOOPBACK else f"{_public.hostname},queue.{_public.hostname}"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", _HOSTS)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
DEBUG = False
DEMO = env.flag("DEMO", default=LOOPBACK)
if DEMO and not LOOPBACK:
    raise ImproperlyConfigured("DEMO=1: demo accounts exist on loopback only.")

_kept_in = DATA_DIR / "secrets" if LOOPBACK else None
SECRET_KEY = env.secret("SECRET_KEY", kept_in=_kept_in)
KEY_PEPPER = env.secret("KEY_PEPPER", kept_in=_kept_in)  # API keys are stored as HMAC-SHA256 under it
FIELD_SECRET = env.secret("FIELD_SECRET", kept_in=_kept_in)  # encrypts columns, such as callback signing secrets
if not LOOPBACK and len({SECRET_KEY, KEY_PEPPER, FIELD_SECRET}) < 3:
    raise ImproperlyConfigured("SECRET_KEY, KEY_PEPPER and FIELD_SECRET have to differ.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "common.jobs",
    "common.idempotency",
    "accounts",
    "catalogue",
    "billing",
    "media",
    "callbacks",
    "tunes",
    "prompts",
    "web",
    "astria_clone",
]
MIDDLEWARE = [
    "dialects.fal.hosts.QueueHost",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "web.shared.middleware.Pages",
]
ROOT_URLCONF = "astria_clone.urls"
APPEND_SLASH = False  # the API takes a path with and without the slash, and redirects neither
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # on a laptop, whoever sends it is on it too
SECURE_HSTS_SECONDS = 0 if LOOPBACK else 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOOPBACK

# --- database: the queue of record -----------------------------------------------------------------------------
LOCK_WAIT_S = 5  # how long a write waits for another before 409 or 503
_database_url = env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'database.sqlite3'}")
DATABASES: dict[str, dict[str, Any]] = {"default": dict(dj_database_url.parse(_database_url))}
_database = DATABASES["default"]
ON_SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
if ON_SQLITE:
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer that starts as a reader would fail instead of waiting
        "timeout": LOCK_WAIT_S,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;PRAGMA mmap_size=134217728;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.integer("DB_POOL", 8, low=1), "timeout": 10},
        "options": f"-c lock_timeout={LOCK_WAIT_S * 1000}",
    }
    _database["CONN_MAX_AGE"] = 0  # the pool keeps connections, not the request
else:
    raise ImproperlyConfigured("DATABASE_URL: sqlite:///… or postgres://…")

# --- files ------------------------------------------------------------------------------------------------------
STORAGE_URL = env.text("STORAGE_URL", f"file://{DATA_DIR / 'media'}")


def _storage(url: str) -> dict[str, Any]:
    """`file:///folder`, or `s3://bucket/prefix?endpoint=https://…&region=…`; the keys are AWS's own variables."""
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": parts.path}}
    if parts.scheme == "s3" and parts.netloc:
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        options = {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": query.get("endpoint"),
            "region_name": query.get("region"),
            "addressing_style": "path",
            "signature_version": "s3v4",
            "file_overwrite": False,
            "default_acl": None,
            "querystring_expire": 3600,
        }
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    raise ImproperlyConfigured(f"STORAGE_URL={url!r}: file:///folder or s3://bucket/prefix.")


STORAGES = {
    "default": _storage(STORAGE_URL),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},  # filled by `setup`
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # ours alone, nothing of libraries
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a missing one
WHITENOISE_USE_FINDERS = False
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR / "tmp")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
IMAGE_BYTES_MAX = 25 * 2**20  # D12
VIDEO_BYTES_MAX = 200 * 2**20
REQUEST_BYTES_MAX = VIDEO_BYTES_MAX + 9 * IMAGE_BYTES_MAX  # one driving clip and the pictures of one prompt
DATA_UPLOAD_MAX_MEMORY_SIZE = 36 * 2**20  # text and base64 pictures; files are counted by intake
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 40
DISK_FLOOR_MB = env.integer("DISK_FLOOR_MB", 512)  # below it new work is refused with 503

# --- jobs: the broker is a doorbell --------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "filesystem://localhost//")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "prompts.render": {"queue": "render"},
    "tunes.train": {"queue": "render"},
    "tunes.inspect": {"queue": "render"},
}
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
if CELERY_BROKER_URL.startswith("filesystem://"):
    _folder = DATA_DIR / "broker"
    for _name in ("queue", "control"):
        (_folder / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(_folder / "queue"),
        "data_folder_out": str(_folder / "queue"),
        "control_folder": str(_folder / "control"),
        "polling_interval": 0.05,
    }
    CELERY_WORKER_PREFETCH_MULTIPLIER = 4  # each poll of the folder takes one message per slot otherwise
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 7200,  # twice the longest render
        "unacked_restore_interval": 5,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        # A publish that fails says so at once: the relay comes again, and must not stand still during an outage.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
    CELERY_WORKER_PREFETCH_MULTIPLIER = 1
LEASE_S = env.integer("LEASE_S", 60, low=2)  # a worker that is silent for longer has lost its job
SWEEP_S = env.integer("SWEEP_S", 15, low=1)
RENDER_SECONDS_MAX = env.integer("RENDER_SECONDS_MAX", 1800, low=10)  # hard limit of one attempt
TRAINING_SECONDS_MAX = env.integer("TRAINING_SECONDS_MAX", 6 * 3600, low=10)  # the same of a training
QUEUE_HOURS_MAX = env.integer("QUEUE_HOURS_MAX", 24, low=1)  # a prompt that nobody rendered by then fails, refunded
SHUTDOWN_GRACE_S = env.integer("SHUTDOWN_GRACE_S", 30, low=1)  # a worker told to end may render on for so long
RENDER_SLOTS = env.integer("RENDER_SLOTS", max(1, (os.cpu_count() or 2) // 2), low=1)

# --- engines -------------------------------------------------------------------------------------------------------
ENGINE_SECRETS = {  # providers' keys: ENGINE_SECRET_FAL=…
    name.removeprefix("ENGINE_SECRET_").lower(): env.text(name)
    for name in os.environ
    if name.startswith("ENGINE_SECRET_") and not name.endswith("_FILE")
}
WORK_DIR = DATA_DIR / "work"  # where workers render; emptied by themselves
WORK_DIR.mkdir(mode=0o700, exist_ok=True)
ENGINES = {"motion": "engines.motion.engine.MotionEngine"}  # name → class, loaded on first use
registry.configure(ENGINES)
CATALOGUE_TTL_S = 2.0  # how long a process may go on with the rows it has read; scheduled prices are exact anyway

# --- limits ----------------------------------------------------------------------------------------------------------
# Prompts and trainings that one workspace may have unfinished; 0: any number. What was accepted before counts as ended.
UNFINISHED_MAX = env.integer("UNFINISHED_MAX", 0)

# --- talking to the outside ------------------------------------------------------------------------------------------
SAFE_FETCH_ALLOW = env.words("SAFE_FETCH_ALLOW")  # private addresses by name, with ports: 127.0.0.1/32:9000-9999
for _entry in SAFE_FETCH_ALLOW:
    try:
        parse_allowance(_entry)
    except ValueError as error:
        raise ImproperlyConfigured(f"SAFE_FETCH_ALLOW: {error}") from error
# A function that judges what comes in and goes out (media/moderation.py).
MODERATION_HOOK = env.text("MODERATION_HOOK", "media.moderation.allow_everything")

# --- dialects --------------------------------------------------------------------------------------------------------
# What ModelsLab's documentation has an error code for is answered with 200 instead, as its servers often do.
MODELSLAB_ERRORS_AS_200 = env.flag("MODELSLAB_ERRORS_AS_200", default=False)

# --- the web process -----------------------------------------------------------------------------------------------
WEB_PROCESSES = env.integer("WEB_PROCESSES", 1 if ON_SQLITE else (os.cpu_count() or 1), low=1)
WEB_THREADS = env.integer("WEB_THREADS", 8, low=2)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS tells nothing of the views' insides
    "UNAUTHENTICATED_USER": None,
    "COMPACT_JSON": True,
}


def _without_traceback(record: logging.LogRecord) -> bool:
    """For what a stranger causes: one line says it all."""
    record.exc_info = record.exc_text = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_traceback": {"()": lambda: _without_traceback}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"filters": ["without_traceback"]},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # warns of every HEAD, whose body Django leaves to the server to drop
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
