"""Every setting of Parvis, in one file. The environment switches production on.

Each variable read here is described in docs/reference/settings.md; a test compares the two.
"""

import contextlib
import logging
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.files import File
from django.core.paginator import Page, Paginator
from django.forms import ModelChoiceField
from platformdirs import user_data_path

from parvis import __version__

# Generic to whoever checks types; django-stubs-ext would make them so too, and load all of the admin to do it.
for generic in (File, Page, Paginator, ModelChoiceField):
    setattr(generic, "__class_getitem__", classmethod(lambda cls, _of: cls))  # noqa: B010 - its type is not ours to say


def secret_key(data_dir: Path) -> str:
    """The key in `data_dir/secret-key`, made at the first call and readable by its owner alone."""
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        # Written apart, then named: who starts meanwhile never reads half a key, and the first to name it wins.
        with tempfile.NamedTemporaryFile("w", dir=data_dir) as file, contextlib.suppress(FileExistsError):
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
            os.link(file.name, path)
    return path.read_text("ascii").strip()


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's description of the database at `url`; SQLite in the data directory when it is empty."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "parvis.sqlite3",
            # A file is not a server: the connection of a thread lives as long as it does.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # An acknowledged write survives a power cut (R-REL-1): synchronous is FULL, not NORMAL.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "parvis.core.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # What is asked again and again is prepared once (core/statements.py), and planned once: each of these
        # statements is an index range whoever asks, and planning costs more than reading.
        "OPTIONS": {
            "prepare_threshold": 1,
            "options": "-c plan_cache_mode=force_generic_plan",
            **dict(parse_qsl(parts.query)),
        },
    }


def mail(url: str, data_dir: Path) -> dict[str, Any]:
    """Mail settings for `smtp://user:password@host:port` (or `smtps://`); without it, mail goes to files."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": data_dir / "mail",
        }
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        # A slow server must not make us send twice (R-REL-6).
        "EMAIL_TIMEOUT": 60,
    }


def flag(name: str) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "oui"}


def words(name: str, default: str) -> list[str]:
    """An environment variable that lists words separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def hours(said: str) -> tuple[int, int]:
    """From which hour to which, « 21-7 »; the same hour twice, « 0-0 », is never."""
    first, _dash, last = said.partition("-")
    return int(first) % 24, int(last) % 24


def origin(url: str) -> list[str]:
    """The site of an address, as a content policy names it; nothing for none."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


# Where everything that is not code lives: database, secret key, uploads, static files, mail.
DATA_DIR = Path(os.environ.get("PARVIS_DATA_DIR") or user_data_path("parvis"))
SECRET_KEY = os.environ.get("PARVIS_SECRET_KEY") or secret_key(DATA_DIR)
DEBUG = flag("PARVIS_DEBUG")
# The demonstration: fictional people, accounts one can borrow, mail on a page.
DEMO = flag("PARVIS_DEMO")
TESTING = "pytest" in sys.modules

# The public address, used in mails, feeds and link previews.
SITE_URL = os.environ.get("PARVIS_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [*words("PARVIS_HOSTS", "127.0.0.1,localhost,[::1]"), urlsplit(SITE_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
SECURE = SITE_URL.startswith("https://")

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "parvis.core",
    "parvis.territory",
    "parvis.people",
    "parvis.publications",
    "parvis.agenda",
    "parvis.groups",
    "parvis.conversations",
    "parvis.notifications",
    "parvis.moderation",
    "parvis.letters",
    "parvis.home",
    "parvis.demo",
    # After ours, so that our templates win.
    "allauth",
    "allauth.account",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "parvis.core.kept.keep_pages",
    "parvis.core.middleware.without_nul",
    "parvis.territory.clock.keep_its_time",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "parvis.home.door.keep_own",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "parvis.people.sessions.recognise",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "parvis.core.middleware.ContentPolicy",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "parvis.urls"
WSGI_APPLICATION = "parvis.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis.home.context.everywhere",
            ],
        },
    }
]

# French; another language joins with its catalogue, lest a page speak two, and with LocaleMiddleware.
# Times in the territory's own zone.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = os.environ.get("PARVIS_TIME_ZONE", "Europe/Paris")
# Without it, a territory overseas keeps its own time (territory/clock.py).
TIME_ZONE_SAID = "PARVIS_TIME_ZONE" in os.environ

# Accounts: an e-mail address and a code of ten minutes and five tries; a password only if one wants it.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "parvis.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "parvis.people.forms.LoginForm", "request_login_code": "parvis.people.forms.LoginCodeForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# An account exists only once its address is confirmed: signing up is ours (people/views/sign_up.py).
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_SESSION_REMEMBER = True
# Beside those of accounts: how often one may report what one reads, as a visitor and as a member.
ACCOUNT_RATE_LIMITS = {"report": "10/h/ip", "report_as_member": "30/h/user"}
# Limits count the address a trusted proxy saw, and nothing a client may write itself (R-SEC-17).
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("PARVIS_BEHIND_PROXY") else 0
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# Through which proxy we read other sites, « http://proxy:3128 »; directly without it. And hosts (name, port) that
# `outbound` reads though they are not on the public Internet: none, but those that tests start.
OUTBOUND_PROXY = os.environ.get("PARVIS_PROXY", "")
OUTBOUND_ALSO: frozenset[tuple[str, int | None]] = frozenset()

# Behind the plan of a commune: nothing, or the tiles of this address, « https://…/{z}/{x}/{y}.png », with their credit.
TILES = os.environ.get("PARVIS_TILES", "")
TILES_CREDIT = os.environ.get("PARVIS_TILES_CREDIT", "")

# What a browser may do here: our own files and nothing else, tiles aside; no inline script, no inline style.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *origin(TILES)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("PARVIS_BEHIND_PROXY") else None
SESSION_ENGINE = "parvis.people.sessions"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "parvis.core.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("PARVIS_FROM_EMAIL", "Parvis <ne-pas-repondre@parvis.example>")
# Where one answers a discussion by mail, « repondre@mairie.example »: what is between + and @ says who and where, and
# the mail server hands it to `parvis mail receive`. Without it, one answers on the site.
REPLY_ADDRESS = os.environ.get("PARVIS_REPLY_ADDRESS", "")
_mail = mail(os.environ.get("EMAIL_URL", ""), DATA_DIR)
globals().update(_mail)
# Mail that goes to files can be read on /courrier/, in the demonstration and in development only.
MAIL_PAGE = (DEMO or DEBUG) and "EMAIL_FILE_PATH" in _mail

# From which hour to which no mail leaves that can wait: alerts, codes, decisions and answers of services do (R-MOD-16).
# The letters of the day leave when it ends.
QUIET_HOURS = hours(os.environ.get("PARVIS_QUIET_HOURS", "21-7"))

# What the legal notice says (LCEN, R-LAW-24) and who answers for personal data (R-LAW-9).
PUBLISHER = os.environ.get("PARVIS_PUBLISHER", "")
PUBLICATION_DIRECTOR = os.environ.get("PARVIS_PUBLICATION_DIRECTOR", "")
HOSTING = os.environ.get("PARVIS_HOSTING", "")
CONTACT_EMAIL = os.environ.get("PARVIS_CONTACT_EMAIL", "")
DPO_CONTACT = os.environ.get("PARVIS_DPO_CONTACT", "")
# Whether inhabitants announce events, in their own commune, beside organisations.
INHABITANT_EVENTS = flag("PARVIS_INHABITANT_EVENTS")
# The youngest age at which one may open an account alone (R-LAW-4).
MIN_AGE = int(os.environ.get("PARVIS_MIN_AGE", "15"))
CHARTER_VERSION = "2026-11"

# journal verb -> jobs, what no visitor sees, what only says something, and what runs by the clock: one page,
# parvis/effects.py.
EFFECTS = "parvis.effects.EFFECTS"
UNSEEN = "parvis.effects.UNSEEN"
SAYINGS = "parvis.effects.SAYINGS"
PERIODIC = "parvis.effects.PERIODIC"
# What the worker does before each turn, as pages do before they answer: take the time of the territory.
SETTLE = "parvis.territory.clock.settle"


def _in_one_line(record: logging.LogRecord) -> bool:
    """What was refused unread, as too large or for another site, is no fault of ours: one line tells of it."""
    if record.name.startswith("django.security"):
        record.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"one line": {"()": "django.utils.log.CallbackFilter", "callback": _in_one_line}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one line"]}},
    # An address that does not exist is no event of ours.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("PARVIS_LOG_LEVEL", "WARNING")},
}
PARVIS_VERSION = __version__
