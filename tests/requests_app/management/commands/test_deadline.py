"""`manage.py deadline`, typed as its user types it."""

import json
import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

ASKED = (
    "--regime", "eu-gdpr", "--right", "access", "--received", "2026-09-03T10:00:00+02:00", "--place", "DE-BE",
)  # fmt: skip


def typed(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """What a process of its own answers; to start one takes seconds."""
    # No server may be needed: the addresses lead nowhere.
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.run(
        [sys.executable, "manage.py", "deadline", *arguments],
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, **nowhere, "PYTHONWARNINGS": "error::ResourceWarning"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def said(*arguments: str) -> str:
    output = StringIO()
    call_command("deadline", *arguments, stdout=output)
    return output.getvalue()


def test_the_date_comes_first_and_the_steps_below_it() -> None:
    ran = typed(*ASKED, "--measure", "response", "--event", "identity_requested@2026-09-04T10:00:00+02:00")
    date, *steps = ran.stdout.splitlines()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert date == "2026-10-05"
    assert any("not answered yet" in step for step in steps)
    assert "[Reg. 1182/71 Art. 3(4)]" in steps[-1]


def test_json_says_everything_known() -> None:
    found = json.loads(said(*ASKED, "--json"))
    assert found["due"] == "2026-10-05"
    assert found["sentence"].startswith("One month from the day your request reached us")
    assert [step["rule"] for step in found["steps"]] == ["receipt", "period", "last_day"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Say --regime, --right, --received."),
        ((*ASKED, "--regime", "atlantis"), "There is no law"),
        ((*ASKED, "--right", "opt_out_sale_share"), "does not grant the right"),
        ((*ASKED, "--measure", "tomorrow"), "There is no measure"),
        ((*ASKED, "--received", "2026-09-03T10:00:00"), "needs its zone"),
        ((*ASKED, "--event", "identity_confirmed@2026-09-04T10:00:00Z"), "no question before it"),
        (
            (
                *ASKED,
                "--event",
                "identity_confirmed@2026-09-04T10:00:00Z",
                "--event",
                "identity_requested@2026-09-05T10:00:00Z",
            ),
            "no question before it",
        ),
        ((*ASKED, "--event", "extended@2026-09-02T10:00:00Z"), "before the request was received"),
        ((*ASKED, "--event", "extended@2026-09-04T10:00:00"), "needs its zone"),
        ((*ASKED, "--event", "sneezed@2026-09-04T10:00:00Z"), "There is no event"),
        ((*ASKED, "--event", "extended"), "written type@time"),
        ((*ASKED, "--measure", "appeal_response"), "sets no day for answering an appeal"),
        ((*ASKED, "--received", "yesterday"), "ISO 8601"),
        ((*ASKED, "--place", "Berlin"), "ISO 3166"),
        ((*ASKED, "--regime", "in", "--right", "nominate"), "only from 13 May 2027"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        call_command("deadline", *arguments)
    assert refused.value.returncode == 2


def test_a_refusal_leaves_by_exit_two_with_one_line() -> None:
    ran = typed(*ASKED, "--regime", "atlantis")
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == ""


MEASURED = [
    # measure, regime, right, received, due
    (
        "acknowledgement",
        "us-ca",
        "access",
        "2026-09-03T10:00:00-07:00",
        "2026-09-18",
    ),  # Labor Day, 7 September
    ("extension_notice", "eu-gdpr", "access", "2026-09-03T10:00:00+02:00", "2026-10-05"),
    ("opt_out", "us-ca", "opt_out_sale_share", "2026-09-03T10:00:00-07:00", "2026-09-25"),
    ("consent_revocation", "us-ct", "withdraw_consent", "2026-09-03T10:00:00-04:00", "2026-09-18"),
    ("appeal_window", "default", "access", "2026-09-03T10:00:00-04:00", "2026-11-02"),
    ("appeal_response", "us-va", "access", "2026-09-03T10:00:00-04:00", "2026-11-02"),
    ("complaint_acknowledgement", "uk-gdpr", "complaint", "2026-09-03T10:00:00+01:00", "2026-10-05"),
    ("complaint_window", "au", "access", "2026-09-03T10:00:00+10:00", "2027-09-03"),
    ("completion_notice", "us-fl", "access", "2026-09-03T10:00:00-04:00", "2026-11-02"),
]


def test_every_measure_is_answered_in_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("measure", "regime", "right", "received_at")
    lines = [
        json.dumps({"id": number, "place": None, "events": [], **dict(zip(names, case[:4], strict=True))})
        for number, case in enumerate(MEASURED)
    ]
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO("\n".join(lines).encode())))
    answers = [json.loads(line) for line in said("--batch").splitlines()]
    assert [(each["id"], each.get("due", each.get("error"))) for each in answers] == [
        (number, case[4]) for number, case in enumerate(MEASURED)
    ]
    assert all(set(each) == {"id", "due", "steps"} for each in answers)


def test_a_batch_answers_each_line_and_goes_on_after_a_bad_one() -> None:
    case = {
        "regime": "us-ca",
        "right": "access",
        "measure": "response",
        "received_at": "2026-09-03T10:00:00-07:00",
    }
    lines = [json.dumps({"id": 1, **case}), "nonsense", json.dumps({"id": 3, **case, "right": "fly"})]
    ran = typed("--batch", stdin="\n".join(lines))
    first, second, third = map(json.loads, ran.stdout.splitlines())
    assert ran.returncode == 0
    assert (first["id"], first["due"]) == (1, "2026-10-18")
    assert second == {"id": None, "error": "This line is not JSON."}
    assert third["id"] == 3
    assert "There is no right" in third["error"]
