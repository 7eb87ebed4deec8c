"""The page of parts."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from requests_app.gallery.samples import icon_names
from requests_app.gallery.views import show_parts

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def test_every_part_is_shown() -> None:
    parts = {path.name for path in (TEMPLATES / "components").glob("*.html")}
    users = [
        *TEMPLATES.glob("gallery/*.html"),
        *TEMPLATES.glob("components/*.html"),
        *TEMPLATES.glob("layouts/*.html"),
    ]
    included = re.findall(
        r'include "components/([a-z_]+\.html)"', "".join(path.read_text("utf-8") for path in users)
    )
    assert parts - set(included) == set()


def test_every_icon_that_a_template_names_exists() -> None:
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r'icon\.html" with name="([a-z-]+)"', text)) | set(
        re.findall(r' icon="([a-z-]+)"', text)
    )
    assert named - set(icon_names()) == set()


@pytest.mark.django_db
def test_the_gallery_is_not_for_everybody() -> None:
    assert Client().get("/components/").status_code == 302


def test_the_gallery_draws() -> None:
    page = show_parts.__wrapped__(RequestFactory().get("/components/"))
    assert page.status_code == 200
    assert "Every part in every state" in page.content.decode()
