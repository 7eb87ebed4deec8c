"""Settings, from the environment, in the order of the README's table."""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from kombu import Queue

from omne_dsar import environment, logs
from omne_dsar.embedded import state

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.text("OMNE_ENV", "development")
PRODUCTION = ENVIRONMENT == "production"
VAR_DIR = Path(environment.text("OMNE_VAR", str(BASE_DIR / "var")))
DEBUG = False if PRODUCTION else environment.flag("DEBUG", False)
# In production nothing is ever made up: without this folder a missing secret stops start-up.
_KEYS_MADE_UNDER = None if PRODUCTION else VAR_DIR / "keys"

WEB_PORT = environment.number("WEB_PORT", 8000)
MAILBOX_PORT = environment.number("MAILBOX_PORT", 8025)
SMTP_PORT = environment.number("SMTP_PORT", 2525)
DESK_PORT = environment.number("DESK_PORT", 8031)
_local_url = None if PRODUCTION else f"http://127.0.0.1:{WEB_PORT}"
PUBLIC_URL = environment.text("PUBLIC_URL", _local_url).rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or ""
ALLOWED_HOSTS = [PUBLIC_HOST, *environment.listing("ALLOWED_HOSTS")]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
if environment.flag("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECRET_KEY = environment.secret("SECRET_KEY", _KEYS_MADE_UNDER)
FIELD_KEYS = environment.key_ring("FIELD_KEYS", _KEYS_MADE_UNDER)
BLIND_INDEX_KEY = environment.key("BLIND_INDEX_KEY", _KEYS_MADE_UNDER)
# While it is rotated: the one to come, then the one that was. People are found by each of them.
BLIND_INDEX_OTHER_KEYS = environment.further_keys("BLIND_INDEX_OTHER_KEYS")
CODE_KEY = environment.key("CODE_KEY", _KEYS_MADE_UNDER)
# The seed of the Ed25519 key that signs the manifest of every bundle.
SIGNING_KEY = environment.key("SIGNING_KEY", _KEYS_MADE_UNDER)

# The public halves of keys before it: what they signed is still checked, and they stay published.
SIGNING_OLD_PUBLIC_KEYS = environment.listing("SIGNING_OLD_PUBLIC_KEYS")

_running = state.running_services(VAR_DIR)
DATABASE_URL = environment.text("DATABASE_URL", None if PRODUCTION else _running.database_url)
REDIS_URL = environment.text("REDIS_URL", None if PRODUCTION else _running.redis_url)
STORE_URL = environment.text("STORE_URL", None if PRODUCTION else f"file://{VAR_DIR / 'store'}")
STORE_OPTIONS: dict[str, str] = {}
# What was erased is written down here, outside the database, so that it is erased again after a restore.
LEDGER_URL = environment.text("LEDGER_URL", None if PRODUCTION else f"file://{VAR_DIR / 'ledger'}")
LEDGER_KEY = environment.key("LEDGER_KEY", _KEYS_MADE_UNDER)
# Keys before it: what was written with them stays readable until it is forgotten.
LEDGER_OLD_KEYS = environment.old_keys("LEDGER_OLD_KEYS")
# Nothing older than the oldest backup can come back: entries are forgotten after so many days.
LEDGER_DAYS = environment.number("LEDGER_DAYS", 400)
# Where the daily anchors of the audit log lie; beside the ledger unless it says otherwise.
ANCHOR_URL = environment.text("ANCHOR_URL", "")
if "s3:" in (STORE_URL[:3], LEDGER_URL[:3], ANCHOR_URL[:3]):
    # Without them the machine's own role is used, where the cloud gives it one.
    STORE_OPTIONS = environment.given(
        {"key": "STORE_ACCESS_KEY", "secret": "STORE_SECRET_KEY", "endpoint_url": "STORE_ENDPOINT"}
    )

LEDGER_OPTIONS = STORE_OPTIONS if LEDGER_URL.startswith("s3://") else {}

DATABASES = {
    "default": {
        **environment.database(DATABASE_URL),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"]["OPTIONS"] |= {
    "connect_timeout": 5,
    "options": "-c statement_timeout=60s -c idle_in_transaction_session_timeout=300s",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits are counted where every process sees them, and go on while the broker is away.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}

_mail = environment.mail_server(
    environment.text("EMAIL_URL", None if PRODUCTION else f"smtp://127.0.0.1:{SMTP_PORT}")
)
EMAIL_BACKEND = "requests_app.correspondence.smtp.EmailBackend"
EMAIL_HOST = _mail.host
EMAIL_PORT = _mail.port
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", _mail.user)
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", _mail.password)
EMAIL_USE_TLS = _mail.starttls
EMAIL_USE_SSL = _mail.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", None if PRODUCTION else "info@omnesoft.com")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Our own addresses: mail to any of them reaches us, and the first is where answers go.
MAIL_ADDRESSES = environment.listing("MAIL_ADDRESSES") or [parseaddr(DEFAULT_FROM_EMAIL)[1]]
# Whether our mail server delivers info+anything@ where it delivers info@: then answers bear a token of their request.
MAIL_REPLY_TOKENS = environment.flag("MAIL_REPLY_TOKENS", False)
# The name under which our mail server writes down what it found out about a sender (RFC 8601); without it none counts.
MAIL_AUTHENTICATION_HOST = environment.text("MAIL_AUTHENTICATION_HOST", "")
# What a monitoring system shows to read the figures; without it there are none.
METRICS_TOKEN = environment.text("METRICS_TOKEN", "")
# Who has the anchors of the audit log by mail.
ANCHOR_MAIL = environment.listing("ANCHOR_MAIL")
# The authority (RFC 3161) that stamps them, and the file of the certificates it is trusted by.
TIMESTAMP_URL = environment.text("TIMESTAMP_URL", "")
TIMESTAMP_CERTIFICATES = environment.text("TIMESTAMP_CERTIFICATES", "")

# Where the company's customers sign in (OpenID Connect): offered as a proof of identity once it is set.
SIGN_IN_ISSUER = environment.text("SIGN_IN_ISSUER", "")
SIGN_IN_CLIENT_ID = environment.text("SIGN_IN_CLIENT_ID", "")
SIGN_IN_CLIENT_SECRET = environment.text("SIGN_IN_CLIENT_SECRET", "")

# Hosts of the company's own network that connectors may reach, as `host` or `host:port`.
OUTBOUND_ALLOWED_HOSTS = environment.listing("OUTBOUND_ALLOWED_HOSTS") or (
    [] if PRODUCTION else [f"127.0.0.1:{DESK_PORT}"]
)
# The company's own proxy for what connectors call outside.
OUTBOUND_PROXY = environment.text("OUTBOUND_PROXY", "")
# Further authorities, a PEM file, whose certificates are trusted in calls outside.
OUTBOUND_CA_FILE = environment.text("OUTBOUND_CA_FILE", "")
# Whether people may have their copy sent straight to another controller (Article 20(2) GDPR); switched off, the reason
# is shown to them.
PORTABILITY_PUSH = environment.flag("PORTABILITY_PUSH", True)
PORTABILITY_PUSH_OFF_REASON = environment.text("PORTABILITY_PUSH_OFF_REASON", "")
PORTABILITY_MAX_BYTES = environment.number("PORTABILITY_MAX_BYTES", 5_000_000_000)
# Private hosts that such a copy may go to; what connectors may reach is not open to an address that a person types.
PORTABILITY_ALLOWED_HOSTS = environment.listing("PORTABILITY_ALLOWED_HOSTS")
# Databases of the company's own network that sources may be: `host`, `host:port`, a network such as `10.20.0.0/16`, or
# the folder of a socket.
DATABASE_ALLOWED_HOSTS = environment.listing("DATABASE_ALLOWED_HOSTS") or (
    [] if PRODUCTION else ["127.0.0.1", "localhost"]
)
# The only folder whose certificates the address of a database may name.
DATABASE_CERTIFICATES = environment.text("DATABASE_CERTIFICATES", "")
# The only folders whose SQLite files a source may be.
SQLITE_FOLDERS = environment.listing("SQLITE_FOLDERS")
# How long a worker keeps its connection to a database for the next search.
SOURCE_CONNECTION_SECONDS = environment.number("SOURCE_CONNECTION_SECONDS", 5)
# How long a killed worker's step stays taken.
STEP_LEASE_SECONDS = environment.number("STEP_LEASE_SECONDS", 60)
# After how long a source is looked at once more, to see that a change still stands there.
READ_BACK_DAYS = environment.number("READ_BACK_DAYS", 7)
# How long a released copy can be fetched.
BUNDLE_DAYS = environment.number("BUNDLE_DAYS", 30)
# After how many MB a copy goes on in another zip; no file is cut in two.
BUNDLE_PART_SIZE = environment.number("BUNDLE_PART_SIZE", 1000)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "requests_app",
    "fulfillment",
    "omne_dsar",
]
MIDDLEWARE = [
    "omne_dsar.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "requests_app.accounts.middleware.DeclaredAccessMiddleware",
    "requests_app.accounts.middleware.OfficeTimeMiddleware",
    "requests_app.accounts.middleware.SecondFactorMiddleware",
]
ROOT_URLCONF = "omne_dsar.urls"
WSGI_APPLICATION = "omne_dsar.wsgi.application"
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
                "requests_app.review.context.desk",
                "requests_app.components.context.page",
            ],
        },
    }
]
# Django's own form templates, found under templates/django/forms before those it ships.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
STATIC_URL = "static/"
STATIC_ROOT = environment.text("STATIC_ROOT", str(BASE_DIR / "static") if PRODUCTION else "") or None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_AUTOREFRESH = DEBUG
LANGUAGE_CODE = "en"
# What we write to people in, each under its own name; omne_dsar/locale holds the words.
LANGUAGES = [
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt-br", "Português (Brasil)"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
]
LOCALE_PATHS = [BASE_DIR / "omne_dsar" / "locale"]
FORMAT_MODULE_PATH = ["omne_dsar.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# A privacy request is a few answers: whoever sends more is told so before it is read into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# One file at a time, in memory and never in the clear on a disk, and only from an opened request or from staff.
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["requests_app.identity.uploads.MemoryUploadHandler"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {"TITLE": "Omne DSAR", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

AUTH_USER_MODEL = "requests_app.StaffMember"
# The address is unique whatever its case, by a constraint on lower(email), which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Scrypt wants memory as well as time, which guessing hardware has least of.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "review:home"
LOGOUT_REDIRECT_URL = "account_login"
# Staff are signed out after this long without use; the public form keeps its answers longer.
STAFF_SESSION_SECONDS = environment.number("STAFF_SESSION_SECONDS", 30 * 60)
ACCOUNT_ADAPTER = "requests_app.accounts.adapters.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key"}
ACCOUNT_FORMS = {
    "login": "requests_app.accounts.forms.SignInForm",
    "reset_password": "requests_app.accounts.forms.AskForResetForm",
    "reset_password_from_key": "requests_app.accounts.forms.NewPasswordForm",
    "change_password": "requests_app.accounts.forms.ChangePasswordForm",
    "reauthenticate": "requests_app.accounts.forms.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": "requests_app.accounts.forms.CodeForm",
    "reauthenticate": "requests_app.accounts.forms.CodeAgainForm",
    "activate_totp": "requests_app.accounts.forms.StartAppForm",
    "add_webauthn": "requests_app.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "requests_app.accounts.forms.RenamePasskeyForm",
}
MFA_ADAPTER = "requests_app.accounts.adapters.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Omne DSAR"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_USE_SESSIONS = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "requests_app.error_pages.form_outdated"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Other sites learn nothing. "no-referrer" would make browsers send "Origin: null" with our own forms.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION and SESSION_COOKIE_SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 4
# Steps are cut into chunks of a minute at most; a message comes back only well after three of them.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 15 * 60,
    "socket_timeout": 10,
    "socket_connect_timeout": 4,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
# A mailed code must wait neither behind a thousand letters being set nor behind a look at every case's dates: mails
# have a queue of their own, and so have the dates, which searches must not hold up either, and the copies, so that
# the first of many people has an answer before the last one is searched for. A worker takes from all in turn unless
# it is told otherwise (`-Q prompt`); each must be taken by one.
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_QUEUES = [Queue("work"), Queue("copies"), Queue("dates"), Queue("prompt")]
CELERY_TASK_ROUTES = {
    "fulfillment.build_bundle": {"queue": "copies"},
    "fulfillment.send_copy": {"queue": "copies"},
    "requests_app.send_reminders": {"queue": "dates"},
    "requests_app.tidy_up": {"queue": "dates"},
    "requests_app.begin_purge": {"queue": "dates"},
    "requests_app.purge": {"queue": "dates"},
    "requests_app.*": {"queue": "prompt"},
    "fulfillment.deliver_owner_mail": {"queue": "prompt"},
}
# A page must not wait for a broker that is away: the row is the outbox, the sweep offers it again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = environment.number("WORKER_CONCURRENCY", 2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat")

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.configuration(
    level=environment.text("LOG_LEVEL", "INFO"), as_json=environment.flag("LOG_JSON", PRODUCTION)
)
