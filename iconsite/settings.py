"""All settings. A bare checkout runs with them; in production, environment variables change them: docs/operating.md."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from iconsite import embedded_servers
from iconsite.api_settings import *  # noqa: F403  (the API and its libraries)
from iconsite.environment import env_bool, env_float, env_int, env_list, env_str, secret_in_file, writing_to
from iconsite.logs import logging_of
from iconsite.schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE
from iconsite.sentry import start_sentry
from iconsite.translations import compile_catalogues

BASE_DIR = Path(__file__).resolve().parent.parent

VAR_DIR = embedded_servers.VAR_DIR  # the embedded servers' data, logs, and static files, of this machine alone

DEBUG = env_bool("DEBUG")
with writing_to(VAR_DIR):
    SECRET_KEY = env_str("SECRET_KEY") or secret_in_file(VAR_DIR / "secret_key")
    LOCALE_PATHS = [compile_catalogues(BASE_DIR / "locale", VAR_DIR / "locale")]
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# Where the site is seen, for texts that are read elsewhere, such as those in packages.
SITE_URL = env_str("SITE_URL", f"http://127.0.0.1:{env_int('PORT', 8000)}").rstrip("/")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_HTTPS_PROXY") else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_bool("BEHIND_HTTPS_PROXY")

# What one visitor may take. A request costs the seconds for which it keeps a thread busy.
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", int(env_bool("BEHIND_HTTPS_PROXY")))  # that write X-Forwarded-For
# Seconds a second of one address; 0: no limit.
LIMIT_RATE = env_float("LIMIT_RATE", max(0.5, (os.cpu_count() or 1) / 2))
LIMIT_RATE_SESSION = env_float("LIMIT_RATE_SESSION", 1)  # seconds a second of one session, where many share an address
LIMIT_RATE_KEY = env_float("LIMIT_RATE_KEY", LIMIT_RATE)  # seconds a second of a key that has no rate of its own
LIMIT_BURST = env_float("LIMIT_BURST", 120)  # seconds that each may take before it is held to its rate
LIMIT_AT_ONCE = env_int("LIMIT_AT_ONCE", 3)  # searches of one address at a time, in each web process
LIMIT_DOWNLOADS = env_int("LIMIT_DOWNLOADS", 2)  # downloads of bags that are made at a time, in each web process
LIMIT_WAITING_DOWNLOADS = env_int("LIMIT_WAITING_DOWNLOADS", 30)  # of all visitors together, that a worker is to make
LIMIT_DOWNLOAD_BURST = env_int("LIMIT_DOWNLOAD_BURST", 600)  # estimated seconds of them that one address may ask for
LIMIT_SIGN_INS = env_int("LIMIT_SIGN_INS", 10)  # wrong passwords from one address in five minutes; 0: no limit

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "corsheaders",
    "icons",
    "search",
    "bags",
    "api",
    "iconify",
]
MIDDLEWARE = [
    "iconsite.health.HealthMiddleware",
    "iconsite.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "iconsite.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "iconsite.middleware.LanguageMiddleware",
    "iconsite.middleware.PreparationMiddleware",
    "iconsite.middleware.LimitMiddleware",
    "iconsite.middleware.AdminMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "iconsite.middleware.MethodMiddleware",
]
ROOT_URLCONF = "iconsite.urls"
WSGI_APPLICATION = "iconsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "iconsite.context_processors.visitor",
                "icons.context_processors.shared_titles",
                "bags.context_processors.bag",
            ]
        },
    }
]

# manage.py, `make run` and the tests start embedded servers and set these variables if they are not set.
if not env_str("DATABASE_URL"):
    raise ImproperlyConfigured("DATABASE_URL is not set: start through manage.py or `make run`, or set it.")
CONN_MAX_AGE = 600  # seconds for which a connection to the database is used again
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(env_str("DATABASE_URL"), conn_max_age=CONN_MAX_AGE)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = env_str("REDIS_URL", "redis://127.0.0.1:6379/0")
# A worker takes what waits in the first of its queues before it looks at the next: icons.queues has what they are for.
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue("default"), Queue("imports"), Queue("indexing"), Queue("downloads")]
CELERY_TASK_ROUTES = {
    "icons.tasks.import_upload": {"queue": "imports"},
    "bags.tasks.make_download": {"queue": "downloads"},
    "iconify.tasks.make_export": {"queue": "downloads"},
    "search.tasks.index_icons": {"queue": "indexing"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600  # seconds after which the worker kills a task
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # messages that a worker process takes at a time
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "queue_order_strategy": "priority",
    "visibility_timeout": 900,  # seconds after which the message of a worker that died is sent again
    "socket_connect_timeout": 2,  # seconds
}
# A web request or an import does not wait for a Redis that is out of reach: the sweep finds what was not queued.
CELERY_TASK_PUBLISH_RETRY = False

# A page runs and loads nothing but what this site serves; it may also show a picture that it was given (data:, blob:).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "bag", "search"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = Path(env_str("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "iconsite.storage.StaticStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # in one form
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # the proxy sees to HTTPS

# --- Operating ---
METRICS_TOKEN = env_str("METRICS_TOKEN")  # what Prometheus sends as Authorization: Bearer; without it, no /metrics
# Numbers of all processes of this machine; the library reads the variable when it is imported.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR_DIR / "metrics"))
Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
if env_str("SENTRY_DSN"):
    start_sentry(env_str("SENTRY_DSN"))
LOG_FORMAT = env_str("LOG_FORMAT", "line")  # or "json"
CELERY_WORKER_HIJACK_ROOT_LOGGER = LOG_FORMAT != "json"  # a worker formats its log itself, unless it is to be JSON
LOGGING = logging_of(LOG_FORMAT)

# --- Icons: what is accepted, and how it is drawn ---
DEMO = env_bool("DEMO", True)  # whether the first start of a site brings the demo set in
SVG_MAX_BYTES = env_int("SVG_MAX_BYTES", 1_000_000)
SVG_MAX_DEPTH = 64  # elements inside one another, with <use> and the like expanded; resvg's stack overflows near 250
SVG_MAX_ELEMENTS = 20_000  # with <use> and the like expanded
SVG_KEEP_BITMAPS = env_bool("SVG_KEEP_BITMAPS")  # whether an icon may hold a bitmap, as its author embedded it
RASTERISER = env_str("RASTERISER", "resvg")  # or "cairosvg"
RENDER_TIMEOUT = env_int("RENDER_TIMEOUT", 10)  # seconds that drawing one icon may take
IMPORT_BATCH = 1000  # icons that one transaction writes
IMPORT_UPLOAD_MAX_BYTES = env_int("IMPORT_UPLOAD_MAX_BYTES", 200_000_000)  # of a file that is imported in the admin

# --- Search ---
EMBEDDING_MODEL = env_str("EMBEDDING_MODEL", "vgg16-icons-2")  # or "vgg16-icons-1", "vgg16-imagenet"
EMBEDDING_PRECISION = env_str("EMBEDDING_PRECISION", "auto")  # "float32", "bfloat16", or the faster on this CPU
KEEP_OTHER_MODELS = env_bool("KEEP_OTHER_MODELS")  # whether vectors of models that no longer answer are kept
CONFIDENT_FROM = env_float("CONFIDENT_FROM", 0.5)  # the probability from which an answer is called confident
WEIGHTS_DIR = Path(env_str("WEIGHTS_DIR", str(BASE_DIR / "weights")))
INDEX_BATCH = env_int("INDEX_BATCH", 128)  # icons in one message of the queue
INDEX_BUDGET = 240  # seconds after which a task leaves the icons that it has not drawn to another one
UPLOAD_MAX_BYTES = env_int("UPLOAD_MAX_BYTES", 10 * 1024 * 1024)  # of a picture that is searched for
UPLOAD_MAX_PIXELS = env_int("UPLOAD_MAX_PIXELS", 64_000_000)  # of such a picture
UPLOAD_SECONDS = env_float("UPLOAD_SECONDS", 2)  # of the processor's time that reading such a picture may take
QUERY_HOURS = env_int("QUERY_HOURS", 7 * 24)  # for which a picture that was searched for is kept
QUERY_MAX_BYTES = env_int("QUERY_MAX_BYTES", 1024**3)  # of all these pictures together; the oldest are deleted first
SEARCH_LIMIT, SEARCH_MAX_LIMIT = 24, 200  # icons in an answer: if the request does not say how many, and at most
# The function that finds the icons of a set by words, for the app `icons`, which may not import `search`.
SEARCH_IN_SET = "search.words.look_up.search_in_set"

# --- Bags: icons that a visitor collects ---
BAG_MAX_ICONS = env_int("BAG_MAX_ICONS", 2000)  # icons in one bag
BAG_MAX_ICONS_FONT = env_int("BAG_MAX_ICONS_FONT", 500)  # icons in one font
BAG_SECONDS = env_int("BAG_SECONDS", 45)  # that making a download may take while the visitor waits for it
BAG_IMMEDIATE_SECONDS = env_float("BAG_IMMEDIATE_SECONDS", 3)  # what would probably take longer, a worker makes
BAG_PREPARE_SECONDS = env_int("BAG_PREPARE_SECONDS", 300)  # that a worker may take for it
BAG_FILE_HOURS = env_int("BAG_FILE_HOURS", 6)  # for which its file is kept
BAG_FILES_MAX_BYTES = env_int("BAG_FILES_MAX_BYTES", 1024**3)  # of all these files together; the oldest go first
BAG_DAYS = env_int("BAG_DAYS", 90)  # after which a bag without an owner that nobody changed is deleted

# --- Iconify server ---
ICONIFY_CACHE_SECONDS = env_int("ICONIFY_CACHE_SECONDS", 604_800)  # for which clients may keep an answer; 0: ask anew
ICONIFY_BODIES_MAX_CHARS = env_int("ICONIFY_BODIES_MAX_CHARS", 64_000_000)  # of drawings that a web process keeps
ICONIFY_ANSWERS_MAX_BYTES = env_int("ICONIFY_ANSWERS_MAX_BYTES", 64_000_000)  # of answers that it keeps as they are
