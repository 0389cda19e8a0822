"""Django's settings, the same for every workspace; ``store.connect`` adds the workspace's own.

Which database, which secret and which time zone belong to a workspace, so they are not here:
:func:`holdfast.store.connect` sets them, once a process.
"""

from __future__ import annotations

SECRET_KEY = "set by holdfast.store.connect"  # noqa: S105  (a sentence; the key lies in the workspace)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "holdfast.store.apps.Store",
]
# The pages, by name only: loaded when a process serves them.
MIDDLEWARE = [
    "holdfast.web.security.SecurityHeaders",
    "django.middleware.gzip.GZipMiddleware",
    "holdfast.web.sessions.KnowTheBrowser",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "holdfast.web.reading.KnowTheReader",
    "holdfast.web.pace.KeepPace",
    "holdfast.web.keepable.Keepable",
    "holdfast.web.watching.NoteDeeds",
    "holdfast.web.masking.CoverAddresses",
    "holdfast.web.access.DenyByDefault",
    "holdfast.web.proof.SecondFactorFirst",
]
ROOT_URLCONF = "holdfast.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {"environment": "holdfast.web.environment.environment"},
    }
]
CSRF_FAILURE_VIEW = "holdfast.web.pages.refused.view.forged"
SESSION_COOKIE_NAME = "holdfast_session"
# How long a session lasts is the workspace's to say (sign_in_rules); the cookie goes with the browser.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "holdfast_csrf"
CSRF_COOKIE_HTTPONLY = True
APPEND_SLASH = False

DATABASES: dict[str, dict[str, object]] = {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "store.User"
PASSWORD_HASHERS = ["holdfast.store.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Uploads are cut off at the size of a document before anything is kept of them.
FILE_UPLOAD_HANDLERS = [
    "holdfast.web.uploads.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SESSION_ENGINE = "holdfast.store.session_engine"

# Moments are integers of microseconds in our own tables; Django's own tables use UTC.
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"

# Nothing of Django's own reaches a log but warnings, and those without the request's parameters.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
