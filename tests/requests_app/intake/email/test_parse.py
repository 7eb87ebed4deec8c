"""Whole messages: the right subject, sender, text and files, whatever they are wrapped in."""

import base64
import hashlib
import time

import pytest

from requests_app.intake.email.limits import Limits
from requests_app.intake.email.parse import parse_email
from requests_app.intake.email.parsed import Fault


def multipart(kind: str, *parts: bytes, boundary: bytes = b"b1") -> bytes:
    head = b'Content-Type: multipart/%s; boundary="%s"\n\n' % (kind.encode(), boundary)
    return head + b"".join(b"--%s\n%s\n" % (boundary, part) for part in parts) + b"--%s--\n" % boundary


PLAIN = b"Content-Type: text/plain; charset=utf-8\n\nplain words"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>rich <b>words</b></p>"


def test_a_simple_message_is_read() -> None:
    mail = parse_email(
        b"From: Ada Long <ada@x.example>\r\nTo: info@omne.example\r\nSubject: My\r\n data\r\n"
        b"Message-ID: <m1@x.example>\r\nIn-Reply-To: <a@y>\r\nReferences: <a@y>,<b@y>\r\n\r\nHello\r\nworld\r\n"
    )
    assert (mail.subject, mail.from_name, mail.from_address) == ("My data", "Ada Long", "ada@x.example")
    assert mail.text == "Hello\nworld"
    assert (mail.message_id, mail.answers_to) == ("<m1@x.example>", ("<a@y>", "<b@y>"))
    assert [each.address for each in mail.to] == ["info@omne.example"]


def test_plain_text_goes_before_html() -> None:
    assert parse_email(multipart("alternative", PLAIN, HTML)).text == "plain words"


@pytest.mark.parametrize("stub", [b"", b"\n\n", b"Please view this message in an HTML email client."])
def test_html_stands_in_where_the_plain_text_says_nothing(stub: bytes) -> None:
    assert (
        parse_email(multipart("alternative", b"Content-Type: text/plain\n\n" + stub, HTML)).text
        == "rich words"
    )


def test_html_under_the_name_of_plain_text_is_read_as_html() -> None:
    assert (
        parse_email(b"Content-Type: text/plain\n\n<html><body><p>one<p>two</body></html>").text
        == "one\n\ntwo"
    )


def test_files_keep_their_names_and_bytes() -> None:
    content = bytes(range(256)) * 40
    file = (
        b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        b"Content-Disposition: attachment; filename*=utf-8''%C3%84nderung.pdf\n\n"
        + base64.encodebytes(content)
    )
    mail = parse_email(multipart("mixed", PLAIN, file))
    (attachment,) = mail.attachments
    assert (attachment.name, attachment.type, attachment.size) == (
        "Änderung.pdf",
        "application/pdf",
        len(content),
    )
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()
    assert attachment.content == content
    assert mail.text == "plain words"


def test_an_attached_message_is_a_file_whose_text_is_at_hand() -> None:
    inner = b"Content-Type: message/rfc822\n\nSubject: Delete me\nFrom: a@x.example\n\nplease"
    mail = parse_email(multipart("mixed", PLAIN, inner))
    assert [each.name for each in mail.attachments] == ["Delete me.eml"]
    assert mail.attached_text == "Delete me\n\nplease"
    assert mail.report is None


def test_a_delivery_report_says_who_did_not_get_what() -> None:
    status = (
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        b"Final-Recipient: rfc822; gone@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 gone"
    )
    original = b"Content-Type: text/rfc822-headers\n\nMessage-ID: <ours@omne.example>\nSubject: Your request"
    mail = parse_email(multipart("report; report-type=delivery-status", PLAIN, status, original))
    assert mail.report is not None
    assert (mail.report.kind, mail.report.original_message_id) == ("delivery", "<ours@omne.example>")
    (failed,) = mail.report.recipients
    assert (failed.address, failed.action, failed.status) == ("gone@x.example", "failed", "5.1.1")
    assert mail.attached_text == ""


def test_flowed_lines_are_put_together() -> None:
    mail = parse_email(
        b"Content-Type: text/plain; format=flowed\n\nPlease delete \nall my data.\n\n> quoted \n> words\n-- \nAda"
    )
    assert mail.text == "Please delete all my data.\n\n> quoted words\n-- \nAda"


def test_deleted_blanks_of_flowed_text_stay_deleted() -> None:
    raw = "Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n個人 \n情報".encode()
    assert parse_email(raw).text == "個人情報"


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"=?utf-8?B?TMO2c2NodW5n?= =?utf-8?Q?_meiner?= Daten", "Löschung meiner Daten"),
        (b"=?utf-8?Q?L=C3?= =?utf-8?Q?=B6schung?=", "Löschung"),
        (b"=?iso-2022-jp?B?GyRCOD0/TT5wSnMbKEI=?=", "現人情報"),
        (b"=?unknown-charset?Q?caf=E9?=", "café"),
        (b"=?UTF-8?Q?two words inside?=", "two words inside"),
        (b'"=?utf-8?Q?=C3=84nderung?="', '"Änderung"'),
        ("Löschung".encode("latin-1"), "Löschung"),
        ("Удалите мои данные".encode("koi8-r"), "Удалите мои данные"),
        (b"tab\there\x00", "tab here"),
        (b"=?utf-8?B?broken", "=?utf-8?B?broken"),
    ],
)
def test_subjects_are_decoded_as_people_write_them(header: bytes, subject: str) -> None:
    assert parse_email(b"Subject: " + header + b"\n\nhello").subject == subject


@pytest.mark.parametrize(
    ("header", "name", "address"),
    [
        (b"Doe, Ann <ann@x.example>", "Doe, Ann", "ann@x.example"),
        (b'"Doe, Ann" <ann@x.example>', "Doe, Ann", "ann@x.example"),
        (b"ann@x.example (Ann Doe)", "Ann Doe", "ann@x.example"),
        (b"ann@x.example", "", "ann@x.example"),
        (b"=?iso-8859-1?Q?M=FCller=2C_J=F6rg?= <j@x.example>", "Müller, Jörg", "j@x.example"),
        (b"=?utf-8?B?w4RubiA8YW5uQHguZXhhbXBsZT4=?=", "Änn", "ann@x.example"),
        (b"ann@x.example <ann@x.example>", "ann@x.example", "ann@x.example"),
        (b"< ann@x.example >", "", "ann@x.example"),
        (b'"Ann" <<ann@x.example>>', "Ann", "ann@x.example"),
        (b"Friends: ann@x.example, bob@x.example;", "", "ann@x.example"),
        (b"nobody in particular", "nobody in particular", ""),
    ],
)
def test_the_sender_is_found(header: bytes, name: str, address: str) -> None:
    mail = parse_email(b"From: " + header + b"\n\nhello")
    assert (mail.from_name, mail.from_address) == (name, address)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "Bitte löschen Sie meine persönlichen Daten"),
        ("iso8859-2", "Żądam usunięcia moich danych osobowych, proszę"),
        ("cp1254", "Kişisel verilerimin silinmesini istiyorum, teşekkürler"),
        ("koi8-r", "Прошу удалить мои персональные данные"),
        ("cp1251", "Прошу удалить мои персональные данные"),
        ("cp932", "私の個人情報を削除してください。よろしくお願いします"),
        ("euc_jp", "私の個人情報を削除してください。よろしくお願いします"),
        ("iso2022_jp", "私の個人情報を削除してください"),
        ("cp949", "개인정보 삭제를 요청합니다"),
        ("gb18030", "请删除我的个人信息，谢谢你们的帮助"),
        ("cp1256", "أطلب حذف بياناتي الشخصية من نظامكم"),
        ("utf-16", "Please delete my data"),
    ],
)
def test_text_without_a_charset_is_guessed(codec: str, text: str) -> None:
    assert parse_email(b"From: a@x.example\n\n" + text.encode(codec)).text == text


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("ks_c_5601-1987", "cp949"), ("x-sjis", "cp932"), ("gb2312", "gb18030"), ("iso-8859-8-i", "iso8859-8")],
)
def test_charset_names_of_old_mail_are_known(charset: str, codec: str) -> None:
    text = {"cp949": "개인정보 똠", "cp932": "髙橋①", "gb18030": "镕基", "iso8859-8": "שלום"}[codec]
    raw = b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\n" + text.encode(codec)
    assert parse_email(raw).text == text


@pytest.mark.parametrize(
    "charset", ["hex", "rot13", "zlib", "idna", "unicode_escape", "no-such", "utf-8\x00"]
)
def test_a_charset_that_is_none_does_no_harm(charset: str) -> None:
    raw = b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\nhello \\u0041"
    assert parse_email(raw).text == "hello \\u0041"


HOSTILE = {
    "long subject": b"Subject: " + b"x" * 2_000_000 + b"\n\nhi",
    "many addresses": b"To: " + b", ".join(b"a%d@x.example" % n for n in range(20_000)) + b"\n\nhi",
    "open brackets": b"From: " + b"(" * 900 + b"<" * 900 + b"\n\nhi",
    "nested": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1_000)
    ),
    "many parts": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 20_000,
    "open words": b"Subject: " + b"=?utf-8?q?a" * 5_000 + b"\n\nhi",
    "open comments": b"Content-Type: text/html\n\n" + b"<!--" * 50_000,
    "open quotes": b"Content-Type: text/html\n\n" + b"<a href='" * 50_000,
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_a_hostile_shape_costs_little_time(shape: str) -> None:
    started = time.process_time()
    parse_email(HOSTILE[shape])
    assert time.process_time() - started < 3


def test_too_deep_and_too_many_are_said() -> None:
    assert Fault.TOO_DEEP in parse_email(HOSTILE["nested"]).faults
    assert Fault.TOO_MANY_PARTS in parse_email(HOSTILE["many parts"]).faults
    assert Fault.HEADERS_CUT in parse_email(HOSTILE["long subject"]).faults


def test_an_oversize_message_still_shows_its_headers() -> None:
    mail = parse_email(b"Subject: Big\nFrom: a@x.example\n\n" + b"x" * 2_000, limits=Limits(message=1_000))
    assert (mail.subject, mail.from_address, mail.text) == ("Big", "a@x.example", "")
    assert mail.faults == (Fault.OVERSIZE,)


def test_a_boundary_that_never_comes_leaves_the_text() -> None:
    mail = parse_email(b"Content-Type: multipart/mixed; boundary=zz\n\nplease delete my data")
    assert mail.text == "please delete my data"
    assert Fault.BROKEN_BOUNDARY in mail.faults


def test_a_missing_end_of_the_last_part_loses_nothing() -> None:
    raw = b'Content-Type: multipart/mixed; boundary="b"\n\npreamble\n--b\n\nfirst\n--b\n\nsecond'
    assert parse_email(raw).text == "first\n\nsecond"


@pytest.mark.parametrize(
    ("header", "is_automatic"),
    [
        (b"Auto-Submitted: auto-replied", True),
        (b"Auto-Submitted: No", False),
        (b"Subject: Automatische Antwort: Ihr Antrag", True),
        (b"Subject: Answer", False),
    ],
)
def test_an_automatic_answer_is_known(header: bytes, is_automatic: bool) -> None:
    assert parse_email(header + b"\n\nI am away").is_automatic is is_automatic


def test_an_encrypted_message_is_known() -> None:
    assert parse_email(multipart("encrypted", PLAIN)).is_encrypted
    assert not parse_email(multipart("signed", PLAIN)).is_encrypted
