"""Settings of the tests: the product's own, in a folder of their own, with mail and tasks kept at home."""

import os
import tempfile

# The processes of a parallel run inherit the folder of the one that started them, which removes it: never a folder
# that whoever runs the tests has named for a demo of their own.
os.environ["OMNE_VAR"] = os.environ.setdefault("OMNE_TESTS_VAR", tempfile.mkdtemp(prefix="omne-tests-var-"))

from omne_dsar.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Databases of tests come and go: a connection that is kept would be in the way of the next one.
SOURCE_CONNECTION_SECONDS = 0
# Tasks are accepted and run by nobody; the `broker` and `worker` fixtures give a test the real thing.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
