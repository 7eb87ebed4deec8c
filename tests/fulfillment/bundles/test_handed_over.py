"""What was handed over is said in a letter that stays when the copy is long gone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment.bundles.models import Bundle
from fulfillment.bundles.release import release_bundle
from fulfillment.bundles.selectors import outcome_of
from requests_app.audit.actors import Actor
from requests_app.letters.models import Letter
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from tests.factories import SYSTEM, piet

pytestmark = pytest.mark.django_db


def test_files_with_their_hashes_what_was_left_out_and_why(built_bundle: Bundle) -> None:
    now = timezone.now()
    released = release_bundle(bundle_id=built_bundle.pk, by=Actor.staff(piet()), at=now)
    asked = released.subject_request
    perform(
        subject_request_id=asked.pk,
        move=Move.DELIVER,
        by=SYSTEM,
        at=now + timedelta(minutes=5),
        given={"outcome": outcome_of(released)},
    )
    letter = Letter.objects.get(subject_request=asked, kind="copy_handed_over")
    assert letter.is_certificate
    for words in (released.sha256, "Released by a second person", "What was left out, and why", "Password"):
        assert words.casefold() in letter.text.casefold()
    assert "canary" not in letter.text
