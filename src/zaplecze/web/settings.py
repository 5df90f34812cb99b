"""Settings of the web application; everything that differs between installations is a variable.

ZAPLECZE_HOME           folder of the database and the secret key; default ``.zaplecze`` here
ZAPLECZE_SECRET_KEY     the key that signs sessions; default one made once and kept in the home
ZAPLECZE_ALLOWED_HOSTS  names under which people reach the server, with commas
ZAPLECZE_HTTPS          1: a proxy in front speaks https; cookies are then sent over https only
ZAPLECZE_DEBUG          1: faults show their traceback; for developers only
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from zaplecze.web.home import home, secret_key

HERE = Path(__file__).parent
HOME = home()


def _list(variable: str) -> list[str]:
    return [part.strip() for part in os.environ.get(variable, "").split(",") if part.strip()]


DEBUG = os.environ.get("ZAPLECZE_DEBUG") == "1"
HTTPS = os.environ.get("ZAPLECZE_HTTPS") == "1"
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = _list("ZAPLECZE_ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]

ROOT_URLCONF = "zaplecze.web.urls"
WSGI_APPLICATION = "zaplecze.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Ours come first: their templates win over those of the same name.
    "zaplecze.web.ui",
    "zaplecze.web.accounts",
    "zaplecze.web.insight",
    "allauth",
    "allauth.account",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zaplecze.web.ui.middleware.private_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zaplecze.web.accounts.middleware.language_of_the_person",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zaplecze.web.ui.middleware.errors_in_words",
]

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
                "zaplecze.web.ui.context.appearance",
            ],
        },
    }
]
FORM_RENDERER = "zaplecze.web.ui.forms.Renderer"

# IMMEDIATE takes the write lock when a transaction starts. Without it, readers that turn into
# writers fail with "database is locked" at once, and WAL makes that more frequent, not less.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "zaplecze.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA foreign_keys=ON;",
        },
    }
}

# Accounts: made by whoever runs the server, never by visitors.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "insight:workspaces"
ACCOUNT_ADAPTER = "zaplecze.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_FORMS = {"login": "zaplecze.web.accounts.forms.EnterForm"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"change_password": "5/m/user", "login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}  # fmt: skip

# Languages and time. A page about a workspace shows times in the workspace's own zone.
# Each language is called what its speakers call it.
LANGUAGES = [("en", "English"), ("pl", "Polski"), ("uk", "Українська")]
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "zaplecze_language"
LANGUAGE_COOKIE_AGE = 365 * 86_400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: the report's own style sheet and fonts serve the pages too, so that a finding
# looks the same everywhere. `serve` gathers them under hashed names in the home.
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [
    (f"report/{name}", folder)
    for name in ("static", "fonts")
    if (folder := HERE.parent / "report" / name).is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Cookies are shared by all ports of a machine: names of our own keep other local servers out.
SESSION_COOKIE_NAME = "zaplecze_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "zaplecze_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "zaplecze.web.ui.views.stale_form"
if HTTPS:
    SECURE_HSTS_SECONDS = 365 * 86_400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = True
# Entering a domain into the browsers' preload lists is its owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
