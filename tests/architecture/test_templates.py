"""Rules that every template keeps."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(
    path for path in ROOT.rglob("*.html") if path.relative_to(ROOT).parts[0] not in {"emails", "documents"}
)
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
# The pages of a bundle are opened from disk, with a policy by hash: they have to carry their style and script.
OFFLINE = {ROOT / "bundles" / name for name in ("index.html", "narrow.html", "verify_offline.html")}
SERVED = [path for path in PAGES if path not in OFFLINE]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_can_be_read(name: str) -> None:
    get_template(name)


def test_nothing_is_styled_or_scripted_in_the_page() -> None:
    inline = re.compile(
        r"<style|\sstyle=|<script(?![^>]*(?:\bsrc=|application/json))|\son[a-z]+=|javascript:"
    )
    assert [str(path) for path in SERVED if inline.search(path.read_text("utf-8"))] == []


def test_parts_are_given_what_they_draw_and_nothing_else() -> None:
    loose = [
        (path.name, found)
        for path in PAGES
        for found in re.findall(r'{% include "components/[^%]+%}', path.read_text("utf-8"))
        if not found.endswith(" only %}")
    ]
    assert loose == []


def test_every_form_that_changes_something_carries_its_token() -> None:
    bare = [
        path.name
        for path in PAGES
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text("utf-8"), flags=re.S)
        if "csrf_token" not in form
    ]
    assert bare == []


def test_no_part_with_a_form_is_kept_from_its_token() -> None:
    """Whoever draws a part `only` with what it names keeps the token from it, and a browser is refused."""
    includes = {
        str(path.relative_to(ROOT)): re.findall(r'{%\s*include "([^"]+)"([^%]*)%}', path.read_text("utf-8"))
        for path in PAGES
    }
    with_forms = {name for name in NAMES if "{% csrf_token %}" in (ROOT / name).read_text("utf-8")}
    while more := {
        name
        for name, parts in includes.items()
        if name not in with_forms and any(part in with_forms and " only " not in how for part, how in parts)
    }:
        with_forms |= more
    assert [
        (name, part)
        for name, parts in includes.items()
        for part, how in parts
        if part in with_forms and " only " in how
    ] == []


def test_nothing_comes_from_another_host() -> None:
    foreign = re.compile(r'(?:src|href|action)="(?:https?:)?//')
    assert [path.name for path in SERVED if foreign.search(path.read_text("utf-8"))] == []
