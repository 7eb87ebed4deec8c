"""Dates of the other laws, reckoned by hand; each row says why."""

from datetime import date

import pytest

from tests.requests_app.deadlines.test_hand_checked_dates import due

ANSWERS = [
    # 45 days: 27 to the end of September and 18 more; a Sunday, which stays.
    ("us-ca", "access", None, "2026-09-03T10:00-07:00", (), "2026-10-18"),
    # 06:30 UTC is 23:30 of the day before in California.
    ("us-ca", "access", None, "2026-09-03T06:30+00:00", (), "2026-10-17"),
    # 90 days in all: 27, 31, 30 and 2 more.
    ("us-ca", "access", None, "2026-09-03T10:00-07:00", ("extended@2026-10-18T09:00-07:00",), "2026-12-02"),
    # In California it is already the 19th when it is told: too late.
    ("us-ca", "access", None, "2026-09-03T10:00-07:00", ("extended@2026-10-19T07:30+00:00",), "2026-10-18"),
    # Proof does not stop the 45 days.
    (
        "us-ca",
        "access",
        None,
        "2026-09-03T10:00-07:00",
        ("identity_requested@2026-09-05T09:00-07:00", "identity_confirmed@2026-09-25T09:00-07:00"),
        "2026-10-18",
    ),
    # Florida adds only 15: 60 days from 3 September end on 2 November.
    ("us-fl", "access", None, "2026-09-03T10:00-04:00", ("extended@2026-10-01T09:00-04:00",), "2026-11-02"),
    # Iowa: 90 days end on 2 December, 135 on 16 January.
    ("us-ia", "access", None, "2026-09-03T10:00-05:00", (), "2026-12-02"),
    ("us-ia", "access", None, "2026-09-03T10:00-05:00", ("extended@2026-12-01T09:00-06:00",), "2027-01-16"),
    # Canada: 30 days end on Saturday 3 October, which is a working day there; Sunday moves to Monday.
    ("ca-pipeda", "access", None, "2026-09-03T10:00-04:00", (), "2026-10-03"),
    ("ca-pipeda", "access", None, "2026-09-04T10:00-04:00", (), "2026-10-05"),
    # 30 September is the National Day for Truth and Reconciliation.
    ("ca-pipeda", "access", None, "2026-08-31T10:00-04:00", (), "2026-10-01"),
    # Quebec: St John the Baptist, Thursday 24 June 2027; no extension whatever was told.
    (
        "ca-qc",
        "access",
        "CA-QC",
        "2027-05-25T10:00-04:00",
        ("extended@2027-06-01T09:00-04:00",),
        "2027-06-25",
    ),
    # Brazil: 15 days; 7 September is Independence Day, a Monday in 2026.
    ("br-lgpd", "access", None, "2026-09-03T10:00-03:00", (), "2026-09-18"),
    ("br-lgpd", "access", None, "2026-08-23T10:00-03:00", (), "2026-09-08"),
    # Switzerland: 30 days; a fee announced on the 10th leaves ten days to think: 20 September plus 30.
    ("ch-nfadp", "access", "CH-ZH", "2026-09-01T10:00+02:00", (), "2026-10-01"),
    (
        "ch-nfadp",
        "access",
        "CH-ZH",
        "2026-09-01T10:00+02:00",
        ("fee_requested@2026-09-10T09:00+02:00",),
        "2026-10-20",
    ),
    # Good Friday 26 March 2027 is a holiday in Zurich and not in Valais, which keeps 19 March.
    ("ch-nfadp", "access", "CH-ZH", "2027-02-24T10:00+01:00", (), "2027-03-30"),
    ("ch-nfadp", "access", "CH-VS", "2027-02-24T10:00+01:00", (), "2027-03-26"),
    # New Zealand: 20 working days from Friday 18 December: four to the 24th; closed to Friday 15 January;
    # five to the 22nd, five to the 29th, five to 5 February; Waitangi Day, a Saturday, is kept on the 8th.
    ("nz", "access", None, "2026-12-18T12:00+13:00", (), "2027-02-09"),
    # Korea: ten days end on Monday 5 October, kept for the National Foundation Day, a Saturday.
    ("kr", "access", None, "2026-09-25T10:00+09:00", (), "2026-10-06"),
    # Singapore: Saturday counts, Sunday does not.
    ("sg", "access", None, "2026-09-03T10:00+08:00", (), "2026-10-03"),
    ("sg", "access", None, "2026-09-04T10:00+08:00", (), "2026-10-05"),
    # South Africa: Heritage Day, Thursday 24 September 2026.
    ("za", "access", None, "2026-08-25T10:00+02:00", (), "2026-09-25"),
    # Japan: two weeks, which do not move from a Sunday.
    ("jp", "access", None, "2026-09-06T10:00+09:00", (), "2026-09-20"),
    # Turkey: 30 days, unmoved.
    ("tr", "access", None, "2026-09-04T10:00+03:00", (), "2026-10-04"),
    # India: one month under the rules of 2011, 90 days from 13 May 2027 on.
    ("in", "access", None, "2027-05-12T10:00+05:30", (), "2027-06-12"),
    ("in", "access", None, "2027-05-13T10:00+05:30", (), "2027-08-11"),
    # Our own policy moves back: 30 days end on Sunday 17 January 2027, so Friday the 15th.
    ("default", "access", None, "2026-12-18T10:00-05:00", (), "2027-01-15"),
    # Australia: 30 days end on Monday 25 January 2027; a day later on Australia Day.
    ("au", "access", None, "2026-12-26T10:00+11:00", (), "2027-01-25"),
    ("au", "access", None, "2026-12-27T10:00+11:00", (), "2027-01-27"),
    # Thailand: Constitution Day, Thursday 10 December 2026.
    ("th", "access", None, "2026-11-10T10:00+07:00", (), "2026-12-11"),
    # Consent withdrawn: 15 days in Connecticut, 45 in Montana, at once where the law says promptly.
    ("us-ct", "withdraw_consent", None, "2026-09-03T10:00-04:00", (), "2026-09-18"),
    ("us-mt", "withdraw_consent", None, "2026-09-03T10:00-06:00", (), "2026-10-18"),
    ("eu-gdpr", "withdraw_consent", "FR", "2026-09-05T10:00+02:00", (), "2026-09-05"),
]


@pytest.mark.parametrize(("regime", "right", "place", "received", "events", "expected"), ANSWERS)
def test_the_last_day_for_the_answer(
    regime: str, right: str, place: str | None, received: str, events: tuple[str, ...], expected: str
) -> None:
    assert due(regime, received, *events, right=right, place=place) == date.fromisoformat(expected)


OTHER_DATES = [
    # Ten business days around Thanksgiving: 23rd to 25th, the 30th, 1st to 4th, 7th and 8th December.
    ("acknowledgement", "us-ca", "access", "2026-11-20T10:00-08:00", (), "2026-12-08"),
    # Five business days by our policy.
    ("acknowledgement", "default", "access", "2026-09-03T10:00-04:00", (), "2026-09-10"),
    ("acknowledgement", "uk-gdpr", "complaint", "2026-09-03T10:00+01:00", (), "2026-10-05"),
    ("complaint_acknowledgement", "uk-gdpr", "complaint", "2026-09-03T10:00+01:00", (), "2026-10-05"),
    # 15 business days from Friday 18 December 2026: four, four, five, two.
    ("opt_out", "us-ca", "opt_out_sale_share", "2026-12-18T10:00-08:00", (), "2027-01-12"),
    ("opt_out", "us-va", "opt_out_sale_share", "2026-09-03T10:00-04:00", (), "2026-10-18"),
    ("consent_revocation", "us-md", "withdraw_consent", "2026-09-03T10:00-04:00", (), "2026-10-03"),
    # The notice is due when the answer would be, pauses included; having told it does not move its day.
    (
        "extension_notice",
        "us-ca",
        "access",
        "2026-09-03T10:00-07:00",
        ("extended@2026-09-20T09:00-07:00",),
        "2026-10-18",
    ),
    (
        "extension_notice",
        "eu-gdpr",
        "access",
        "2026-09-03T10:00+02:00",
        ("identity_requested@2026-09-05T10:00+02:00", "identity_confirmed@2026-09-09T10:00+02:00"),
        "2026-10-07",
    ),
    # Colorado answers an appeal in 45 days and may take 60 more; Virginia in 60.
    ("appeal_response", "us-co", "access", "2026-09-03T10:00-06:00", (), "2026-10-18"),
    (
        "appeal_response",
        "us-co",
        "access",
        "2026-09-03T10:00-06:00",
        ("extended@2026-10-01T09:00-06:00",),
        "2026-12-17",
    ),
    ("appeal_response", "us-va", "access", "2026-09-03T10:00-04:00", (), "2026-11-02"),
    # Our policy: 60 days for the appeal end on Monday 2 November.
    ("appeal_window", "default", "access", "2026-09-03T10:00-04:00", (), "2026-11-02"),
    # Canada: six months to go to the Commissioner. Quebec: 30 days.
    ("complaint_window", "ca-pipeda", "access", "2026-09-03T10:00-04:00", (), "2027-03-03"),
    ("complaint_window", "ca-qc", "access", "2026-09-03T10:00-04:00", (), "2026-10-03"),
    # Florida: 60 days to say that it is done.
    ("completion_notice", "us-fl", "deletion", "2026-09-03T10:00-04:00", (), "2026-11-02"),
]


@pytest.mark.parametrize(("measure", "regime", "right", "received", "events", "expected"), OTHER_DATES)
def test_the_dates_beside_the_answer(
    measure: str, regime: str, right: str, received: str, events: tuple[str, ...], expected: str
) -> None:
    assert due(regime, received, *events, right=right, measure=measure) == date.fromisoformat(expected)
