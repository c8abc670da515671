"""Settings, all from the environment; docs/operations.md lists every variable once.

Development (the default) needs nothing and answers only on loopback names, so it cannot be put on the
internet by forgetting a variable. Production (`MEDSIM_ENV=production`) refuses to start half-configured.
"""

from base64 import b64decode
from datetime import timedelta
from hashlib import blake2b
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.str("MEDSIM_ENV", default="development") == "production"
DEVELOPMENT_SECRET = "development-only-secret-that-production-refuses-to-start-with"

SECRET_KEY = env.str("MEDSIM_SECRET_KEY", default=DEVELOPMENT_SECRET)
DEBUG = env.bool("MEDSIM_DEBUG", default=False)
# Signs the fingerprints that tell a resent interaction from a changed one. Its own key, so that
# rotating SECRET_KEY does not turn every resent interaction into a conflict.
_EVENT_SECRET = env.str("MEDSIM_EVENT_KEY", default=DEVELOPMENT_SECRET)
# 64 bytes whatever the length of the secret: the longest key the fingerprint takes.
EVENT_KEY = blake2b(_EVENT_SECRET.encode()).digest()
# Encrypts what is kept encrypted. A ring: the first key encrypts, every key decrypts. Never SECRET_KEY, which
# is changed for other reasons.
DEVELOPMENT_DATA_KEY = "ZGV2ZWxvcG1lbnQtb25seS1kYXRhLWtleS0zMi1ieXQ="
_DATA_SECRETS = [secret.strip() for secret in env.list("MEDSIM_DATA_KEYS", default=[DEVELOPMENT_DATA_KEY])]
ALLOWED_HOSTS = env.list("MEDSIM_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("MEDSIM_TRUSTED_ORIGINS", default=[])


def _data_keys() -> list[bytes]:
    """The ring as bytes; empty when any key of it is not 32 bytes in base64."""
    try:
        keys = [b64decode(secret, validate=True) for secret in _DATA_SECRETS]
    except ValueError:
        return []
    return keys if all(len(key) == 32 for key in keys) else []


DATA_KEYS = _data_keys()
_DATA_KEYS_FAULT = "MEDSIM_DATA_KEYS must hold keys of 32 random bytes in base64, separated by commas."


def _refuse_half_configured_production() -> None:
    """Raise ImproperlyConfigured with one sentence per fault when production would be unsafe."""
    faults = []
    if SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < 50:
        faults.append("MEDSIM_SECRET_KEY must be set to at least 50 random characters.")
    if _EVENT_SECRET in (DEVELOPMENT_SECRET, SECRET_KEY) or len(_EVENT_SECRET) < 32:
        faults.append("MEDSIM_EVENT_KEY must be set to at least 32 random characters of its own.")
    if not DATA_KEYS or DEVELOPMENT_DATA_KEY in _DATA_SECRETS or {SECRET_KEY, _EVENT_SECRET} & {*_DATA_SECRETS}:
        faults.append(_DATA_KEYS_FAULT)
    if DEBUG:
        faults.append("MEDSIM_DEBUG must be off.")
    if "MEDSIM_ALLOWED_HOSTS" not in env.ENVIRON:
        faults.append("MEDSIM_ALLOWED_HOSTS must name the hosts that are served.")
    if "DATABASE_URL" not in env.ENVIRON:
        faults.append("DATABASE_URL must name the database.")
    if faults:
        raise ImproperlyConfigured("Not starting in production. " + " ".join(faults))


if PRODUCTION:
    _refuse_half_configured_production()
if not DATA_KEYS:
    raise ImproperlyConfigured(_DATA_KEYS_FAULT)

# --- The institution -------------------------------------------------------------------------------
# Days are cut in this zone everywhere: in the daily sums, in the API and on the pages.
MEDSIM_TIME_ZONE = env.str("MEDSIM_TIME_ZONE", default="UTC")
try:
    ZoneInfo(MEDSIM_TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError) as error:
    raise ImproperlyConfigured(
        f"MEDSIM_TIME_ZONE={MEDSIM_TIME_ZONE!r} is no IANA time zone, such as Europe/Berlin."
    ) from error
# Days for which raw interactions are kept, and so the age past which the API refuses one.
MEDSIM_RETENTION_DAYS = env.int("MEDSIM_RETENTION_DAYS", default=365)
# Days for which a body that was refused for its content is kept, and how many of one sender.
MEDSIM_QUARANTINE_DAYS = env.int("MEDSIM_QUARANTINE_DAYS", default=30)
MEDSIM_QUARANTINE_ROWS = env.int("MEDSIM_QUARANTINE_ROWS", default=100000)
# Hours without a sign of its learner after which a started case counts as abandoned.
MEDSIM_ABANDONED_AFTER_HOURS = env.int("MEDSIM_ABANDONED_AFTER_HOURS", default=24)

# --- Limits ----------------------------------------------------------------------------------------
# At most so many within any such while: a count, a slash, and s, m, h or d with a number before it where not 1.
MEDSIM_RATE_LEARNER = env.str("MEDSIM_RATE_LEARNER", default="600/m")
MEDSIM_RATE_SERVICE = env.str("MEDSIM_RATE_SERVICE", default="60000/m")
MEDSIM_RATE_EXPORT = env.str("MEDSIM_RATE_EXPORT", default="60/h")
MEDSIM_RATE_SIGN_IN = env.str("MEDSIM_RATE_SIGN_IN", default="5/15m")
# Proxies whose X-Forwarded-For is believed, as addresses or networks.
try:
    MEDSIM_TRUSTED_PROXIES = [ip_network(name) for name in env.list("MEDSIM_TRUSTED_PROXIES", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(f"MEDSIM_TRUSTED_PROXIES: {error}.") from error
# The server reads the same variable, so what is checked is what runs.
MEDSIM_WORKERS = env.int("GRANIAN_WORKERS", default=1)
# Requests that each worker answers at the same time; each may hold a connection to the database.
MEDSIM_THREADS = env.int("MEDSIM_THREADS", default=16)

# --- Django ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "interactions",
    "engagement",
    "analytics",
    "medsim_tracking.apps.MedsimAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "csp",
]

MIDDLEWARE = [
    "medsim_tracking.middleware.RequestIdMiddleware",
    "medsim_tracking.middleware.WholeRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "medsim_tracking.middleware.NoStoreMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Above all that only pages need; what every answer carries is put on by those before it.
    "medsim_tracking.express.ExpressLaneMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Behind the session, for a person's own language goes before the browser's.
    "medsim_tracking.middleware.LanguageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "medsim_tracking.middleware.TooManyFailuresMiddleware",
    "medsim_tracking.patience.PatientReadsMiddleware",
]

ROOT_URLCONF = "medsim_tracking.urls"
WSGI_APPLICATION = "medsim_tracking.wsgi.application"
# The API answers with and without a trailing slash by its own patterns; a redirect would drop a POST's body.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'medsim.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    if _database["NAME"] == str(BASE_DIR / "var" / "medsim.sqlite3"):
        (BASE_DIR / "var").mkdir(exist_ok=True)
    _database["OPTIONS"] = {
        # A transaction that begins with a read and then writes cannot wait for another writer;
        # IMMEDIATE takes the write lock at once, so waiting writers queue instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, not NORMAL: what was acknowledged survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    _limits = f"file:{Path(_database['NAME']).with_name('limits.sqlite3')}"
else:
    _limits = "database"
    _database["ENGINE"] = "medsim_tracking.postgresql"
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    # A server that is gone, or a network that swallows packets, is noticed within seconds (see patience.py).
    _database["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 10,
        "keepalives_interval": 2,
        "keepalives_count": 3,
    } | _database.get("OPTIONS", {})

# Where all processes together count what accounts spent of their limits.
MEDSIM_LIMIT_STORE = env.str("MEDSIM_LIMIT_STORE", default=_limits)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.GuardedBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# --- Language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
FORMAT_MODULE_PATH = "medsim_tracking.formats"
USE_TZ = True
TIME_ZONE = MEDSIM_TIME_ZONE

# --- Static files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else BASE_DIR / "var" / "static"
# Development serves from the source folders, so that no collectstatic step stands before the first page.
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- JSON API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # Bearer tokens only: without an ambient cookie there is nothing for a forged request to ride on.
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.TokenAuthentication"],
    # A view that declares no policy answers nobody.
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.DeclaredAccess"],
    "DEFAULT_RENDERER_CLASSES": ["medsim_tracking.api.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["medsim_tracking.api.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "medsim_tracking.api.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "medsim_tracking.api.problem_handler",
    "UNAUTHENTICATED_USER": None,
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("MEDSIM_ACCESS_MINUTES", default=10)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "ISSUER": "medsim-tracking",
    "USER_ID_FIELD": "public_id",
    "USER_ID_CLAIM": "sub",
    # A changed password ends every token that was given out before it.
    "CHECK_REVOKE_TOKEN": True,
    "UPDATE_LAST_LOGIN": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Medsim Tracking",
    "DESCRIPTION": "What a learner does in a medical simulator comes in; what it means goes out.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "CAMELIZE_NAMES": True,
    "PREPROCESSING_HOOKS": ["medsim_tracking.openapi.without_trailing_slashes"],
    "POSTPROCESSING_HOOKS": ["medsim_tracking.openapi.complete"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["accounts.api.permissions.DeclaredAccess"],
}

# --- Browser security ------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("MEDSIM_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if env.bool("MEDSIM_BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("MEDSIM_LOG_LEVEL", default="INFO")},
    # A refused request is the client's business and its path may name a learner; only failures are logged.
    "loggers": {"django.request": {"level": "ERROR"}},
}
