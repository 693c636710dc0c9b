"""Django's settings, all derived from `cairn.config.environment`."""

import hashlib
import hmac
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cairn.config.environment import Settings, read_settings

CAIRN: Settings = read_settings()


def _derived_secret(purpose: str) -> str:
    # One secret for operators to keep.  Without it nothing is served (`cairn serve` refuses); what
    # only reads the settings, such as a linter, gets a value that nobody signs with.
    key = CAIRN.master_key or bytes(32)
    return hmac.new(key, f"cairn {purpose}".encode(), hashlib.sha256).hexdigest()


def _database() -> dict[str, Any]:
    if not CAIRN.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": CAIRN.data_dir / "cairn.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(CAIRN.database)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured("CAIRN_DATABASE is not an address like postgresql://host/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _mail() -> dict[str, Any]:
    if CAIRN.is_demo:
        return {
            "EMAIL_BACKEND": "cairn.platform.mail_files.Backend",
            "EMAIL_FILE_PATH": CAIRN.data_dir / "mail",
        }
    if not CAIRN.mail:
        return {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
    parts = urlsplit(CAIRN.mail)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
    }


globals().update(_mail())
DEFAULT_FROM_EMAIL = CAIRN.mail_from or f"Cairn <no-reply@{CAIRN.host.partition(':')[0]}>"

_IS_HTTPS = CAIRN.base_url.startswith("https://")
SECRET_KEY = _derived_secret("django")
DEBUG = False
ALLOWED_HOSTS = [CAIRN.host.partition(":")[0]]
CSRF_TRUSTED_ORIGINS = [CAIRN.base_url]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A constraint over the lower-case address makes it unique, which that check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "cairn.platform",
    "cairn.people",
    "allauth",  # after ours, whose templates go first
    "allauth.account",
    "allauth.mfa",
    "cairn.organisations",
    "cairn.signing",
    "cairn.catalogue",
    "cairn.issuing",
    "cairn.wallet",
    "cairn.erasure",
    "cairn.verification",
    "cairn.site",
    "cairn.jobs",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cairn.people.middleware.ProfileMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cairn.platform.http.CairnErrorMiddleware",
]
ROOT_URLCONF = "cairn.config.urls"
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
                "cairn.platform.context.installation",
                "cairn.organisations.context.memberships",
            ],
            "builtins": ["cairn.platform.templatetags.cairn", "django.templatetags.i18n"],
        },
    }
]
# What rooms further down the flow add to pages of the console.
CONSOLE_PANELS = {
    "award": ["cairn.wallet.panels.wishes_of_learner", "cairn.wallet.panels.letters_of_award"],
    "batch": ["cairn.wallet.panels.letters_of_batch"],
}
FORM_RENDERER = "cairn.platform.forms.Renderer"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
ACCOUNT_ADAPTER = "cairn.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "cairn.people.forms.AddEmailForm",
    "change_password": "cairn.people.forms.ChangePasswordForm",
    "confirm_email_verification_code": "cairn.people.forms.ConfirmEmailForm",
    "confirm_login_code": "cairn.people.forms.ConfirmLoginCodeForm",
    "confirm_password_reset_code": "cairn.people.forms.ConfirmResetForm",
    "login": "cairn.people.forms.LoginForm",
    "reauthenticate": "cairn.people.forms.ReauthenticateForm",
    "request_login_code": "cairn.people.forms.RequestLoginCodeForm",
    "reset_password": "cairn.people.forms.ResetPasswordForm",
    "reset_password_from_key": "cairn.people.forms.ResetPasswordKeyForm",
    "set_password": "cairn.people.forms.SetPasswordForm",
    "signup": "cairn.people.forms.SignupForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 10
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _IS_HTTPS else "http"
# Codes are typed, so that nothing in a mail acts by being opened.  Nine digits, three attempts and
# five codes in a quarter of an hour: one in 1,900 who guess at an account for a year gets in.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 9, "dashed": True}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,5/15m/key",
    "reset_password": "20/m/ip,5/15m/key",
}

# A passkey is enough alone; an app or a recovery code goes with a password or a code by e-mail.
MFA_ADAPTER = "cairn.people.factors.FactorAdapter"
MFA_FORMS = {
    "activate_totp": "cairn.people.factor_forms.AppForm",
    "add_webauthn": "cairn.people.factor_forms.AddPasskeyForm",
    "authenticate": "cairn.people.factor_forms.CodeForm",
    "edit_webauthn": "cairn.people.factor_forms.EditPasskeyForm",
    "reauthenticate": "cairn.people.factor_forms.CodeOnceMoreForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # the device asks for a finger, a face or a PIN
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a clock may be 30 seconds off

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [Path(__file__).parent.parent / "platform" / "locale"]
FORMAT_MODULE_PATH = ["cairn.platform.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

SIGNING_RSA_BITS = 3072
ISSUING_CHUNK_ROWS = 1000  # about 0.2 s of signing in one transaction

STATIC_URL = "static/"
STATIC_ROOT = CAIRN.data_dir / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": CAIRN.data_dir / "media"},
    },
    # Tables of people while they are read: no address leads here.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": CAIRN.data_dir / "private",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# `cairn serve` collects them, with digests in their names; elsewhere the packages have them.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
SIGNING_DRAW_RSA = "cairn.signing.generation.draw_rsa"  # tests draw each key once
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20

SESSION_COOKIE_AGE = 30 * 86_400  # of those who stay signed in; others' ends with the browser
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "cairn.site.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"route_only": {"()": "cairn.platform.logs.RouteOnly"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "filters": ["route_only"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
