"""All settings, from the environment only. `.env.example` explains each variable."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP
from font_lato import font_directory

from accounts.job_errors import keep_error
from portal.environment import (
    document_scanner,
    env,
    env_bool,
    env_int,
    env_list,
    env_pairs,
    file_storage,
    postgres_from_url,
    sms_backend,
    smtp_mailer,
    without_waiting,
)
from portal.logs import logging_to_console

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("VAR_DIR", str(BASE_DIR / "var")))

# --- Where it runs -------------------------------------------------------------------------
# Development is for one's own machine: fixed secrets, plain http, a mailbox page instead of
# e-mail and sms. It is never the default.
DEVELOPMENT = env_bool("DEVELOPMENT")
DEBUG = DEVELOPMENT and env_bool("DEBUG")
PUBLIC_URL = env("PUBLIC_URL", "http://localhost:8000" if DEVELOPMENT else None).rstrip("/")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost" if DEVELOPMENT else None)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Secrets -------------------------------------------------------------------------------
SECRET_KEY = env("SECRET_KEY", "development-only-" + "k" * 50 if DEVELOPMENT else None)
# Key ring for sealed columns, newest first: "<id 0-255>:<64 hex digits>,...".
SEALING_KEYS = env_list("SEALING_KEYS", "1:" + "5e" * 32 if DEVELOPMENT else None)
# Key of the keyed hashes (codes, blind indexes, throttle keys); changing it voids them all.
PEPPER = env("PEPPER", "development-only-" + "p" * 50 if DEVELOPMENT else None)

# --- Apps ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "documents",
    "absence",
    "dossiers",
    "accounts",
    "portal.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_otp",
    "django_otp_webauthn",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "accounts.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.AuditContextMiddleware",
    "accounts.middleware.SessionUserMiddleware",
    "accounts.middleware.FactorMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.GateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "portal.forms.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": ["portal.folding.Loader"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.shell",
            ],
        },
    },
]

# --- Database ------------------------------------------------------------------------------
# `security` is the same database outside the request's transaction: a failed attempt stays
# counted when the request is rolled back (docs/decisions/0005-throttling.md). It holds counters
# only: what a crash of the server itself may lose of its last second is not waited for.
_POSTGRES = {
    **postgres_from_url(env("DATABASE_URL")),
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
}
DATABASES = {
    "default": _POSTGRES,
    "security": {**without_waiting(_POSTGRES), "TEST": {"MIRROR": "default"}},
}

# --- Accounts ------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "portal:start"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATORS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": _VALIDATORS + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATORS + "CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ContextWordValidator"},
]

# Passkeys (docs/decisions/0016-passkeys.md). One belongs to a domain, for ever.
OTP_WEBAUTHN_RP_ID = env("PASSKEY_DOMAIN", "") or urlsplit(PUBLIC_URL).hostname or ""
OTP_WEBAUTHN_RP_NAME = "InComfort werkgeversportaal"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [PUBLIC_URL]
OTP_WEBAUTHN_CREDENTIAL_MODEL = "accounts.PasskeyDevice"
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would make every link in an e-mail land logged out
# Longer than a login lasts (accounts/sign_in.py): a form sent too late is still the user's.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_NAME = "sid" if DEVELOPMENT else "__Host-sid"
SESSION_COOKIE_SECURE = not DEVELOPMENT
BROWSER_COOKIE_NAME = "browser" if DEVELOPMENT else "__Host-browser"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_NAME = "csrf" if DEVELOPMENT else "__Host-csrf"
CSRF_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"

# --- Headers -------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not DEVELOPMENT and env_bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^gezondheid/$"]  # the load balancer asks over plain http
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEVELOPMENT
SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}

# --- Language and time ---------------------------------------------------------------------
LANGUAGE_CODE = "nl"
USE_I18N = True  # Django's own Dutch texts in forms and the back office
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# --- Files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", font_directory)]
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
WHITENOISE_ALLOW_ALL_ORIGINS = False
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEVELOPMENT
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": file_storage(VAR_DIR / "documenten"),
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
DOCUMENT_MAX_BYTES = 15 * 1024 * 1024
DOCUMENT_MAX_FILES = 10  # in one form
DOCUMENT_MAX_REQUEST_BYTES = 400 * 1024 * 1024  # beyond this a request is not even read
FILE_UPLOAD_HANDLERS = ["documents.uploads.BoundedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # what is over DOCUMENT_MAX_FILES is refused in the form
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DOCUMENT_SCANNER = document_scanner(
    env("DOCUMENT_SCANNER", "development" if DEVELOPMENT else "clamd")
)
CLAMD_ADDRESS = env("CLAMD_ADDRESS", "/run/clamav/clamd.ctl")

# --- Messages ------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", "portaal@example.test" if DEVELOPMENT else None)
# Where InComfort hears that somebody asks for access.
DESK_EMAIL = env("DESK_EMAIL", "acceptatie@example.test" if DEVELOPMENT else None)
MAILBOX_DIR = VAR_DIR / "postvak"  # development only
if DEVELOPMENT:
    MAILERS = {"default": {"BACKEND": "portal.mailbox.EmailBackend"}}
else:
    MAILERS = {"default": smtp_mailer()}
# Told when something needs a hand, such as the stop on sms codes.
OPERATOR_EMAIL = env("OPERATOR_EMAIL", "")
SMS_BACKEND = sms_backend(env("SMS_BACKEND", "mailbox" if DEVELOPMENT else "http"))
_NO_PROVIDER = "" if SMS_BACKEND.startswith("portal.mailbox") else None
SMS_HTTP_URL = env("SMS_HTTP_URL", _NO_PROVIDER)
SMS_HTTP_KEY = env("SMS_HTTP_KEY", _NO_PROVIDER)
SMS_HTTP_AUTHORIZATION = env("SMS_HTTP_AUTHORIZATION", "Authorization: Bearer {key}")
SMS_HTTP_FIELDS = env_pairs("SMS_HTTP_FIELDS", "sender=from,number=to,text=text,reference=")
SMS_HTTP_ID = env("SMS_HTTP_ID", "id")
SMS_KANNEL_USERNAME = env("SMS_KANNEL_USERNAME", "portaal")
SMS_RECEIPT_URL = env("SMS_RECEIPT_URL", PUBLIC_URL).rstrip("/")
SMS_RECEIPT_SECRET = env("SMS_RECEIPT_SECRET", "")
SMS_RECEIPT_ID = env("SMS_RECEIPT_ID", "id")
SMS_RECEIPT_STATUS = env("SMS_RECEIPT_STATUS", "status")
SMS_RECEIPT_DELIVERED = env_list("SMS_RECEIPT_DELIVERED", "delivered")
SMS_RECEIPT_FAILED = env_list("SMS_RECEIPT_FAILED", "failed,expired,rejected,undelivered")
SMS_SENDER = env("SMS_SENDER", "InComfort")
# Limits of accounts/throttle.py times this; in development an sms costs nothing.
SMS_ALLOWANCE = env_int("SMS_ALLOWANCE", default=100 if DEVELOPMENT else 1)
SMS_REGIONS = env_list("SMS_REGIONS", "NL,BE,DE,PL,RO,BG,ES,PT,HU,SK,LT,LV")

# --- Other systems -------------------------------------------------------------------------
# Each customer of Visma Nmbrs has its own address there.
NMBRS_URL = env("NMBRS_URL", "https://www.nmbrs.com/")

# --- Benefits ------------------------------------------------------------------------------
# Which days count as holidays in "binnen vijf werkdagen": absence/holidays.py.
PAY_CALENDAR = env("PAY_CALENDAR", "bedrijf")

# --- The worker, and what is logged --------------------------------------------------------
PROCRASTINATE_ON_APP_READY = "portal.work_queue.use_one_transaction"
PROCRASTINATE_WORKER_DEFAULTS = {"worker_middleware": [keep_error]}
LOGGING = logging_to_console(level=env("LOG_LEVEL", "INFO"))
