"""Django settings. Everything that differs between installations comes from LENITY_* variables."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from lenity.config import databases, secret_files
from lenity.gateways import key_files

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("LENITY_HOME", ROOT / "var")).resolve()
"""Where this installation keeps its database, keys, files and checkpoints."""

DEBUG = os.environ.get("LENITY_DEBUG", "") == "1"
TESTING = os.environ.get("LENITY_TESTING", "") == "1"

LENITY_KEY_FOLDER = HOME / "keys"
SECRETS = secret_files.load(LENITY_KEY_FOLDER)
LENITY_READ_FIELD_KEYS = partial(key_files.field_keys, LENITY_KEY_FOLDER)
"""Reads the field keys anew, for a process that meets one made since it began."""
SECRET_KEY = SECRETS.session_key
LENITY_FIELD_KEYS = SECRETS.field_keys
LENITY_INDEX_KEY = SECRETS.index_key
LENITY_CODE_KEY = SECRETS.code_key
LENITY_CHECKPOINT_KEY = SECRETS.checkpoint_key
LENITY_CHECKPOINT_DIR = Path(os.environ.get("LENITY_CHECKPOINT_DIR", HOME / "checkpoints"))
LENITY_LENDER = os.environ.get("LENITY_LENDER", "demo-lender")
LENITY_LENDER_NAMES = {
    "zh-hans": os.environ.get("LENITY_LENDER_NAME_ZH", "样例小贷"),
    "en": os.environ.get("LENITY_LENDER_NAME_EN", "Sample Lending"),
}
LENITY_LENDER_ADDRESS = os.environ.get("LENITY_LENDER_ADDRESS", "")
"""The creditor's postal address, in the notice of adverse action (US-RB-9b2)."""
LENITY_SUPERVISOR = os.environ.get("LENITY_SUPERVISOR", "")
"""The federal agency that supervises the creditor, with its address, in the same notice."""
LENITY_SENDERS = {
    "sms": os.environ.get("LENITY_SMS_SENDER", "10690000"),
    "email": os.environ.get("LENITY_EMAIL_SENDER", "care@lender.example"),
}
LENITY_DISPUTE_ADDRESS = os.environ.get("LENITY_DISPUTE_ADDRESS", "1 Sample Street, Wilmington, DE 19801")
"""Where letters with disputes are taken in, as a validation notice names it."""
LENITY_VERIFY_PAGE = os.environ.get("LENITY_VERIFY_PAGE", "http://localhost:8000/verify/")
LENITY_CLOCK_SHIFT = int(os.environ.get("LENITY_CLOCK_SHIFT", "0"))
"""Seconds by which a demo's clock differs from the machine's."""
LENITY_PROXY = os.environ.get("LENITY_PROXY", "")

LENITY_WEBHOOK_HOSTS = tuple(one for one in os.environ.get("LENITY_WEBHOOK_HOSTS", "").split(",") if one)
"""Hosts that webhooks may go to; `.example.com` means every name below it."""
LENITY_WEBHOOK_PRIVATE = os.environ.get("LENITY_WEBHOOK_PRIVATE", "") == "1"
"""Allows http, any port and private addresses: in a test, or inside a closed network."""

ALLOWED_HOSTS = os.environ.get("LENITY_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
DATABASES = {"default": databases.from_url(os.environ.get("LENITY_DATABASE_URL", ""), HOME)}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "lenity.records.audit",
    "lenity.records.approvals",
    "lenity.records.people",
    "lenity.records.ledger",
    "lenity.records.lending",
    "lenity.records.intake",
    "lenity.records.scoring",
    "lenity.records.delinquency",
    "lenity.records.debt_collection",
    "lenity.records.arrangements",
    "lenity.records.furnishing",
    "lenity.records.webhooks",
    "lenity.interfaces.shared",
    "lenity.interfaces.portal",
    "lenity.interfaces.workbench",
    "lenity.interfaces.backoffice",
]
MIDDLEWARE = [
    "lenity.interfaces.shared.security.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lenity.interfaces.shared.security.SessionMiddleware",
    "lenity.interfaces.shared.security.SizeMiddleware",
]
ROOT_URLCONF = "lenity.config.urls"
WSGI_APPLICATION = "lenity.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    }
]
AUTH_USER_MODEL = "people.StaffMember"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "interfaces" / "shared" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "lenity.interfaces.shared.page.csrf_failed"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
if os.environ.get("LENITY_TLS", "") == "1":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_NAME = "__Host-session"
    SECURE_HSTS_SECONDS = 31_536_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrubber": {"()": "lenity.config.scrubber.Scrubber"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["scrubber"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
LENITY_PAYEES = {
    "zh-hans": os.environ.get("LENITY_PAYEE_ZH", LENITY_LENDER_NAMES["zh-hans"]),
    "en": os.environ.get("LENITY_PAYEE_EN", LENITY_LENDER_NAMES["en"]),
}
LENITY_PAYEE_BANKS = {
    "zh-hans": os.environ.get("LENITY_PAYEE_BANK_ZH", "样例银行"),
    "en": os.environ.get("LENITY_PAYEE_BANK_EN", "Sample Bank"),
}
LENITY_PAYEE_ACCOUNT = os.environ.get("LENITY_PAYEE_ACCOUNT", "6200 0000 0000 0000 000")
"""The one account that borrowers pay into, as pages show it."""
