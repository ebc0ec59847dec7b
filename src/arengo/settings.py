"""Django's settings, from the environment (docs/reference/settings.md lists each)."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from arengo import config
from arengo.council.smtp import mail_settings
from arengo.kernel.database import database

CONFIG = config.load()


def _switch(name: str) -> bool:
    text = os.environ.get(name, "0")
    if text not in ("0", "1"):
        message = f"{name}={text!r}: set 1 for yes or 0 for no"
        raise SystemExit(message)
    return text == "1"


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DEBUG = _switch("ARENGO_DEBUG")
SECRET_KEY = CONFIG.secret().decode()
PUBLIC_URL = os.environ.get("ARENGO_PUBLIC_URL", "").rstrip("/")
IS_HTTPS = PUBLIC_URL.startswith("https://")

ALLOWED_HOSTS = _list("ARENGO_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
if PUBLIC_URL:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname or "")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "arengo.kernel",
    "arengo.council",
    "arengo.live",
    "arengo.record",
    "arengo.web",
]

MIDDLEWARE = [
    "arengo.kernel.headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "arengo.web.language.language_of_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "arengo.kernel.answers.RefusalMiddleware",
]

ROOT_URLCONF = "arengo.urls"
WSGI_APPLICATION = "arengo.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": database(
        os.environ.get("ARENGO_DATABASE_URL", ""), default=CONFIG.data / "arengo.sqlite3"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

AUTH_USER_MODEL = "kernel.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accedi/"
LOGIN_REDIRECT_URL = "/regia/"
LOGOUT_REDIRECT_URL = "/"

# A visitor gets no cookie at all: these two exist only for who signs in.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "arengo.kernel.answers.form_expired"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0

LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italiano")), ("en", _("Inglese"))]
TIME_ZONE = "Europe/Rome"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.data / "static-root"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "arengo.web.storage.StaticFiles"
    },
}

_mail = mail_settings(os.environ.get("ARENGO_SMTP_URL", ""), folder=CONFIG.data / "mail")
EMAIL_BACKEND = _mail.pop("EMAIL_BACKEND")
globals().update(_mail)
DEFAULT_FROM_EMAIL = os.environ.get("ARENGO_MAIL_FROM", "arengo@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_secrets": {"()": "arengo.kernel.logs.WithoutSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_secrets"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers write without our filter, and mail to nobody.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
