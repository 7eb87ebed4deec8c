"""What is wrong beyond the shape, each with the line where it stands."""

import pytest

from fulfillment.datamaps.errors import Severity
from fulfillment.datamaps.read import read_map
from tests.fulfillment.datamaps.maps import SHOP, changed, without

API = """\
        api:
          auth: {kind: bearer}
          collections:
            crm.customers: {path: "/customers", query: {email: "{identity.email}"}, records: items}
            orders: {path: "/customers/{crm.customers.id}/orders", records: items}
"""
WITH_API = SHOP + API


def said(text: str) -> list[tuple[str, int, str]]:
    """Every problem of a text."""
    return [(problem.severity.value, problem.line, problem.sentence) for problem in read_map(text).problems]


def test_a_correct_map_has_no_problem() -> None:
    assert said(SHOP) == []
    assert said(WITH_API) == []


@pytest.mark.parametrize(
    ("text", "written", "words"),
    [
        (
            changed("user.contact.email", "user.contact.emial"),
            "- name: email",
            "Did you mean user.contact.email?",
        ),
        (
            changed("field: crm.customers.id", "field: crm.customers.idd"),
            "idd, direction",
            "refers to crm.customers.idd",
        ),
        (
            changed("      - name: orders", "      - name: crm.customers"),
            "collections:",
            "Duplicate entries found: [crm.customers]",
        ),
        (
            changed("          - name: password_hash", "          - name: email"),
            "fields:",
            "Duplicate entries found: [email]",
        ),
        (
            changed("fides_meta: {identity: email, data_type: string}", "description: no identity"),
            "- name: crm.customers",
            "no way leads",
        ),
        (
            changed("address.street: {label", "address.stret: {label"),
            "stret",
            "speaks of crm.customers.address.stret",
        ),
        (
            changed("          orders:\n", "          order:\n"),
            "order:",
            "speaks of order, which is no collection",
        ),
        (
            changed(
                "        label: The shop\n",
                "        label: The shop\n        unmapped: {orders: Not ours.}\n",
            ),
            "unmapped: {orders",
            "leaves orders out, which this map has",
        ),
        (
            changed("password_hash: {label: Password, secret: true}", "email: {secret: true}"),
            "- name: email",
            "cannot be kept back",
        ),
        (
            changed("address.street: {label: Street}", "address.street: {secret: true}"),
            "- name: street",
            "lies inside another",
        ),
        (
            WITH_API.replace("{crm.customers.id}", "{crm.customers.idd}"),
            "orders: {path",
            "neither identity, setting nor field",
        ),
        (without("            orders: {path", WITH_API), "collections:", "does not say where orders is read"),
        (
            WITH_API.replace("            orders: {path", "            others: {path"),
            "others: {path",
            "others, which is no collection",
        ),
    ],
)
def test_an_error_stands_at_its_line(text: str, written: str, words: str) -> None:
    lines = text.splitlines()
    errors = [(lines[line - 1], sentence) for severity, line, sentence in said(text) if severity == "error"]
    assert any(written in line and words in sentence for line, sentence in errors), errors


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (without("            label: Orders"), "orders has no label"),
        (without("            policy: purchases"), "orders names no category"),
        (without('            retention: {rule: "10 years"}'), "lacks purposes, legal basis or retention"),
        (changed("- {dataset: shop, ", "- {dataset: elsewhere, "), "stays in its own source"),
        (
            changed(
                "address.street: {label: Street}",
                "address.street: {proposed: [{what: category, value: user.name, confidence: 0.9, why: the name}]}",
            ),
            "crm.customers holds 1 proposals that nobody has confirmed",
        ),
        (
            changed("            fides_meta: {primary_key: true}\n", ""),
            "orders names no primary key: for correction its rows could not be told apart",
        ),
        (
            changed("      - name: orders\n", "      - name: orders\n        pii: true\n"),
            "does not know the key “pii”",
        ),
    ],
)
def test_a_warning_does_not_hinder_by_itself(text: str, words: str) -> None:
    warnings = [sentence for severity, _, sentence in said(text) if severity == Severity.WARNING]
    assert any(words in sentence for sentence in warnings), said(text)


def test_a_circle_is_a_warning_and_the_way_back_is_not_followed() -> None:
    circle = "fides_meta: {references: [{dataset: shop, field: orders.id, direction: from}]}"
    text = changed(
        "          - name: password_hash\n", f"          - name: password_hash\n            {circle}\n"
    )
    assert [(severity, words) for severity, _, words in said(text)] == [
        (
            "warning",
            "the references make a circle; the way from orders back to crm.customers is not followed.",
        )
    ]


def test_a_glob_may_not_leave_the_root() -> None:
    for glob in ("../other/*.jsonl", "/etc/passwd", "a/../../b", "s3://bucket/x"):
        files = f"""\
        files:
          collections:
            crm.customers: {{glob: "{glob}", format: jsonl}}
            orders: {{glob: "orders.jsonl", format: jsonl}}
"""
        assert any(severity == "error" for severity, _, _ in said(SHOP + files)), glob


def test_a_field_inside_another_may_not_be_there_twice() -> None:
    text = changed(
        "              - name: street\n", "              - name: street\n              - name: street\n"
    )
    assert any("has the field address.street twice" in sentence for _, _, sentence in said(text))
