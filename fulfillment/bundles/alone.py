"""What pages that stand alone have in common: our look in one text, and the hash by which their policy lets it in."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

ASSETS = Path(__file__).parent / "assets"


def hash_of(text: str) -> str:
    """The source expression of a Content-Security-Policy that lets in this style or script, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=1)
def look() -> str:
    """Our colours and what the pages of a copy add."""
    return static_text("tokens.css") + (ASSETS / "bundle.css").read_text()


def static_text(name: str) -> str:
    """One of our static files."""
    found = finders.find(f"requests_app/{name}")
    if found is None:
        found = str(Path(settings.STATIC_ROOT or "") / "requests_app" / name)
    return Path(found).read_text()
