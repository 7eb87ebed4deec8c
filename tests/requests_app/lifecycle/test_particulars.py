"""The particulars of a right are read in its own shape, and what does not fit is refused without being repeated."""

import pytest

from requests_app.errors import BadInput
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import (
    SHAPES,
    Correction,
    Objection,
    checked_particulars,
    consents,
    particulars_of,
)

TOWN = {"field": "Town", "wrong": "Lodnon", "right": "London", "evidence": "My bill of May"}


def test_every_shape_belongs_to_a_right() -> None:
    assert set(SHAPES) <= set(RIGHTS)


def test_a_request_that_says_nothing_reads_as_the_defaults_of_its_right() -> None:
    for code in RIGHTS:
        assert particulars_of(SubjectRequest(right=code)).stored() == checked_particulars(code, {})


def test_a_correction_keeps_its_fields_undecided() -> None:
    kept = checked_particulars("correction", {"fields": [TOWN]})
    assert kept == {"fields": [TOWN | {"decision": "", "ground": "", "note": ""}]}
    read = Correction.of(SubjectRequest(right="correction", particulars=kept))
    assert (read.fields[0].wrong, read.fields[0].right) == ("Lodnon", "London")


def test_an_objection_to_marketing_only_says_so() -> None:
    assert Objection(purposes=("marketing",)).is_to_marketing_only
    assert not Objection(purposes=("marketing", "research")).is_to_marketing_only
    assert not Objection().is_to_marketing_only


def test_consents_are_the_purposes_that_rest_on_consent() -> None:
    assert {each.key for each in consents()} == {"personalise", "marketing"}


@pytest.mark.parametrize(
    ("right", "given"),
    [
        ("access", {"anything": 1}),
        ("objection", {"purposes": ["world domination"]}),
        ("withdraw_consent", {"consents": ["legal"]}),
        ("restriction", {"ground": "because"}),
        ("correction", {"fields": [TOWN] * 11}),
        ("correction", {"fields": [TOWN | {"right": "x" * 2001}]}),
        ("correction", {"fields": [{"wrong": "Lodnon"}]}),
        ("correction", {"fields": [TOWN | {"right": "a\0b"}]}),
        ("deletion", {"deletion_may_go_first": "perhaps"}),
        ("nominate", {"nominee_email": "x" * 255}),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(right: str, given: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        checked_particulars(right, given)


def test_a_refusal_does_not_repeat_what_the_person_wrote() -> None:
    with pytest.raises(BadInput) as refused:
        checked_particulars("restriction", {"ground": "canary"})
    assert "canary" not in str(refused.value)
