"""Answers to pack: a small one in many scripts, a hostile one, a large one."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fulfillment.bundles.contents import (
    BundleInput,
    CollectionContent,
    FieldContent,
    SourceContent,
    Withheld,
)
from requests_app.policy.company import COMPANY

MADE_AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SCRIPTS = {
    "Latin": "Zoë Čapek-Ångström, naïve café, Łódź",
    "Cyrillic": "Анна Ковальчук, улица Ленина 5",
    "Greek": "Ελένη Παπαδοπούλου, Θεσσαλονίκη",
    "Arabic": "فاطمة الزهراء، شارع الملك فهد",
    "Hebrew": "רבקה לוי, רחוב הרצל 10",
    "Chinese": "王小明，北京市朝阳区",
    "Japanese": "田中さくら、東京都渋谷区",
    "Korean": "김민준, 서울특별시 강남구",
    "Devanagari": "अनिता शर्मा, नई दिल्ली",
}
ATTACKS = [
    "</script><script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 2'>",
    '"><svg onload=window.pwned=3>',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "＝1+1",
    "abc\u202egnp.exe",
    "file:///etc/passwd",
    "<img src='file:///etc/passwd'><link rel=stylesheet href='http://127.0.0.1:9/x.css'>",
    "{{ 7*7 }} {% load x %} __class__",
    "<!-- --> ]]> <?php ?>",
    "line\u2028separator\u2029paragraph",
    "zero\u200bwidth\u200d\u2060joined\ufeff",
    "\u2067turned\u2069 \u202ddone\u202c",
    "url(http://127.0.0.1:9/a.png) @import 'http://127.0.0.1:9/b.css';",
    "<object data='http://127.0.0.1:9/c'></object><iframe src='file:///etc/hostname'></iframe>",
    "<a rel=attachment href='file:///etc/passwd'>x</a><link rel=attachment href='file:///etc/passwd'>",
    "<style>@page { background: url(http://127.0.0.1:9/d) }</style>",
    'a,b;c"d\ne',
]


def collection(
    rows: Iterable[dict[str, Any]],
    *,
    key: str = "tickets",
    source: str = "omne_desk",
    label: str = "Tickets",
    **facts: Any,
) -> CollectionContent:
    """A collection that holds these records; its fields are those of the first one."""
    kept = list(rows)
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in kept]
    names = list(kept[0]) if kept else ["id"]
    told = {
        "about": "What you asked us and what we answered.",
        "category": "Support",
        "purposes": ("Customer support",),
        "legal_basis": "To carry out our contract with you",
        "retention": "3 years after the ticket",
        "recipients": ("Customer service providers",),
        "origin": "you",
        "rights": ("access", "portability"),
    }
    return CollectionContent(
        source_key=source,
        source_label={"omne_desk": "Omne Desk", "omne_erp": "Omne ERP"}.get(source, source),
        key=key,
        label=label,
        fields=facts.pop("fields", None)
        or tuple(FieldContent(name, name.replace("_", " ").capitalize()) for name in names),
        row_count=len(kept),
        open_rows=lambda: iter(lines),
        **told | facts,
    )


def answer(*collections: CollectionContent, **changes: Any) -> BundleInput:
    """A whole answer around some collections."""
    keys = dict.fromkeys(each.source_key for each in collections)
    sources = tuple(
        SourceContent(
            key=key,
            label=next(each.source_label for each in collections if each.source_key == key),
            searched_by="mail address",
            row_count=sum(each.row_count for each in collections if each.source_key == key),
        )
        for key in keys
    )
    facts: dict[str, Any] = {
        "bundle_id": UUID(int=7),
        "number": 1,
        "reference": "OM-4F7K-92QD",
        "subject_name": "Marta Oliveira Duarte",
        "subject_email": "marta.duarte@example.org",
        "language": "en",
        "regime_key": "eu-gdpr",
        "regime_name": "General Data Protection Regulation",
        "regime_short": "the GDPR",
        "access_citation": "Art. 15(1)-(3)",
        "access_items": ("purposes", "recipients or categories"),
        "authority": "the authority of the place where you live",
        "other_rights": ("correction", "deletion", "objection"),
        "received_on": date(2026, 11, 3),
        "due_on": date(2026, 12, 7),
        "made_at": MADE_AT,
        "made_on": MADE_AT.date(),
        "policy_version": "1",
        "company": COMPANY,
        "sources": sources,
        "collections": collections,
    }
    return BundleInput(**facts | changes)


def small_answer(**changes: Any) -> BundleInput:
    """Two sources, one record and several, one collection withheld, one empty, a secret, nine scripts."""
    account = collection(
        [
            {
                "name": "Marta Oliveira Duarte",
                "email": "marta.duarte@example.org",
                "created_at": "2019-05-20T08:15:00+00:00",
                "active": True,
                "credit": -12.50,
                "settings": {"theme": "dark", "mails": ["news", "offers"], "none": None},
                "password_hash": "pbkdf2$canary-secret",
            }
        ],
        key="accounts",
        source="omne_erp",
        label="Your account",
        fields=(
            FieldContent("name", "Name"),
            FieldContent("email", "Mail address"),
            FieldContent("created_at", "Customer since"),
            FieldContent("active", "Active"),
            FieldContent("credit", "Credit"),
            FieldContent("settings", "Settings"),
        ),
        secrets=(FieldContent("password_hash", "Password"),),
        category="Account",
        purposes=("Provide and improve the services", "Security and the prevention of fraud"),
        recipients=("Hosting providers",),
    )
    scripts = collection(
        [{"id": number, "script": name, "text": text} for number, (name, text) in enumerate(SCRIPTS.items())],
        key="notes",
        source="omne_erp",
        label="Notes",
    )
    withheld = collection(
        [{"id": 1, "text": "canary-withheld"}],
        key="calls",
        label="Calls",
        withheld=Withheld("rights_of_others", "Art. 15(4)", "They are about somebody else."),
    )
    tickets = collection([{"id": n, "day": f"2026-0{n}-01", "text": f"Ticket {n}"} for n in range(1, 4)])
    surveys = collection([], key="surveys", label="Surveys")
    return answer(account, scripts, tickets, withheld, surveys, **changes)


def hostile_answer() -> BundleInput:
    """Every attack in a value, and in the labels and names around it."""
    rows = [{"id": number, "text": attack} for number, attack in enumerate(ATTACKS)]
    fields = (FieldContent("id", "No."), FieldContent("text", "</script><b>=Label"))
    bad = collection(
        rows,
        key="../../CON",
        source="../évil source",
        label="</h3><script>window.pwned=4</script>",
        about="<img src='file:///etc/passwd'>",
        fields=fields,
    )
    return answer(bad, subject_name="<script>window.pwned=5</script> \u202eadA")


def large_answer(rows: int = 30_000) -> BundleInput:
    """One table with many records."""
    return answer(
        collection(
            (
                {
                    "id": number,
                    "seen_at": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:00:00Z",
                    "page": f"/invoices/{number % 977}",
                    "words": f"wéird words {number}",
                    "milliseconds": number * 7 % 5000,
                }
                for number in range(rows)
            ),
            key="page_views",
            source="product_events",
            label="Pages you opened",
        )
    )
