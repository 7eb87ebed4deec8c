"""Mail as programs really write it: names of charsets, encoded words, addresses, parameters, broken wholes."""

import base64

import pytest

from requests_app.intake.email.parse import parse_email

CHARSETS = [
    ("iso-2022-jp-1", "iso2022_jp_1", "個人情報"),
    ("iso-2022-jp-2004", "iso2022_jp_2004", "個人情報"),
    ("csISO2022JP", "iso2022_jp", "個人情報"),
    ("Windows-31J", "cp932", "髙橋①"),
    ("euc-jp-ms", "euc_jp", "個人情報"),
    ("gb18030", "gb18030", "镕基"),
    ("hz-gb-2312", "hz", "请删除"),
    ("x-mac-chinesetrad", "big5", "請刪除"),
    ("iso-2022-kr", "iso2022_kr", "개인정보"),
    ("koi8-u", "koi8-u", "Видаліть"),
    ("cp-866", "cp866", "Удалите"),
    ("x-mac-cyrillic", "mac-cyrillic", "Удалите"),
    ("x-mac-greek", "mac-greek", "Διαγραφή"),
    ("x-mac-icelandic", "mac-iceland", "þökk"),
    ("x-mac-centraleurroman", "mac-latin2", "Żądam"),
    ("windows-1256", "cp1256", "أطلب"),
    ("dos-862", "cp862", "שלום"),
    ("x-windows-874", "cp874", "สวัสดี"),
    ("utf-7", "utf-7", "Löschung"),
    ("utf8mb4", "utf-8", "Löschung €"),
    ("cp65001", "utf-8", "Löschung"),
    ("ucs-2le", "utf-16-le", "hello ö"),
    ("latin-9", "iso8859-15", "Löschung €"),
    ("ansi_x3.110-1983", "cp1252", "Löschung"),
    ("unknown-8bit", "cp1252", "Bitte löschen Sie"),
    ("us-ascii", "utf-8", "Löschung"),
]


@pytest.mark.parametrize(("charset", "codec", "text"), CHARSETS)
def test_a_charset_is_known_by_every_name_in_text_and_in_headers(charset: str, codec: str, text: str) -> None:
    coded = base64.b64encode(text.encode(codec)).decode()
    raw = f"Subject: =?{charset}?B?{coded}?=\nContent-Type: text/plain; charset={charset}\n"
    mail = parse_email(f"{raw}Content-Transfer-Encoding: base64\n\n{coded}\n".encode())
    assert (mail.text, mail.subject) == (text, text)


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("=?utf-8?B?w5Y?=", "Ö"),
        ("=?utf-8?B?w5Y===?=", "Ö"),
        ("=?utf-8?B?w5?==?utf-8?B?Y=?=", "Ö"),
        ("=?utf-8?B?5YCL5Lq65oOF?=\n =?utf-8?B?5aCx?=", "個人情報"),
        ("Re:=?utf-8?Q?L=C3=B6?=schung", "Re:Löschung"),
        ("abc=?utf-8?Q?=C3=B6=C\n 3=B5=C3=BC?=", "abcöõü"),
        ("=?utf-8?Q?L=F6schung?=", "Löschung"),
        ("=?iso-8859-1?Q?L=C3=B6schung?=", "Löschung"),
        ("=?utf-8*de?Q?L=C3=B6schung?=", "Löschung"),
        ("=?utf-8?Q?a_?= =?utf-8?Q?b?=", "a b"),
        ("\nSubject: the second says it", "the second says it"),
    ],
)
def test_encoded_words_are_read_as_they_are_written(header: str, subject: str) -> None:
    assert parse_email(f"Subject: {header}\n\nx".encode()).subject == subject


@pytest.mark.parametrize(
    ("header", "name", "address"),
    [
        ("O'Neil <o'neil@x.example>", "O'Neil", "o'neil@x.example"),
        ("'Jo' <jo@x.example>", "Jo", "jo@x.example"),
        ("'jo@x.example'", "", "jo@x.example"),
        ("=?utf-8?Q?M=C3=BCller,_J=C3=B6rg?= <j@x.example>", "Müller, Jörg", "j@x.example"),
        ("=?utf-8?Q?J=C3?= =?utf-8?Q?=B6rg?= <j@x.example>", "Jörg", "j@x.example"),
        ('"M\\"uller, J" <j@x.example>', 'M"uller, J', "j@x.example"),
        ("jo@x.example (Jo (Joe) Doe)", "Jo (Joe) Doe", "jo@x.example"),
        ("Jo (Sales) <jo@x.example>", "Jo", "jo@x.example"),
        ("Jo <jo @ x.example>", "Jo", "jo@x.example"),
        ("Jo <jo@x.example", "Jo", "jo@x.example"),
        ("Jo <mailto:jo@x.example>", "Jo", "jo@x.example"),
        ("Jo <@relay.example:jo@x.example>", "Jo", "jo@x.example"),
        ("Jo <jo@[192.0.2.1]>", "Jo", "jo@[192.0.2.1]"),
        ('"john doe"@x.example', "", '"john doe"@x.example'),
        ("Jörg <jörg@bücher.example>", "Jörg", "jörg@bücher.example"),
        ("jo@x.example via List <list@y.example>", "jo@x.example via List", "list@y.example"),
        ("Postmaster <>\nReturn-Path: <p@x.example>", "Postmaster", "p@x.example"),
        ("undisclosed-recipients:;", "undisclosed-recipients:;", ""),
    ],
)
def test_a_sender_is_found_as_programs_write_it(header: str, name: str, address: str) -> None:
    mail = parse_email(f"From: {header}\n\nx".encode())
    assert (mail.from_name, mail.from_address) == (name, address)


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("; filename*1*=%9Cnd.pdf;\n filename*0*=utf-8''gr%C3%BC%C3", "grüÜnd.pdf"),
        ("; filename=\"grund.pdf\"; filename*=UTF-8''gr%C3%BCnd.pdf", "gründ.pdf"),
        ('; filename*0="long ";\n filename*1="name.pdf"', "long name.pdf"),
        ('; filename="=?utf-8?Q?gr=C3=BC?=\n =?utf-8?Q?nd.pdf?="', "gründ.pdf"),
        ("; filename*=iso-8859-1''gr%FCnd.pdf", "gründ.pdf"),
        ("; filename*=\"UTF-8''gr%C3%BCnd.pdf\"", "gründ.pdf"),
        ('; filename="gr%C3%BCnd.pdf"', "gründ.pdf"),
        ('; filename="100%AAA.pdf"', "100%AAA.pdf"),
        ("; filename=my file.pdf", "my file.pdf"),
        (" filename=a.pdf", "a.pdf"),
        ('; filename="C:\\My\\a.pdf"', "a.pdf"),
        ('; filename=".."', "attachment-1.pdf"),
    ],
)
def test_a_file_has_the_name_its_sender_meant(parameters: str, name: str) -> None:
    raw = f"Content-Type: application/pdf\nContent-Disposition: attachment{parameters}\n\n%PDF"
    assert [each.name for each in parse_email(raw.encode()).attachments] == [name]


PARTS = "Content-Type: multipart/mixed; boundary="


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("From a@x.example Mon Jan  1\nSubject: s\n\nx", "x"),
        ("\ufeffSubject: s\n\nx", "x"),
        ("\n\nSubject: s\n\nx", "x"),
        ("Subject: s\r\rx\ry", "x\ny"),
        ("Subject: s\rX-More: t\n\rx\r\ny", "x\ny"),
        ("Subject: s\nhello there\nmore", "hello there\nmore"),
        (f"Subject: s\n{PARTS}a\n\n--a\n{PARTS}ab\n\n--ab\n\none\n--ab--\n--a\n\ntwo\n--a--\n", "one\n\ntwo"),
        (f"Subject: s\n{PARTS}a\n\n--a\n{PARTS}a\n\n--a\n\none\n--a--\n--a\n\ntwo\n--a--\n", "one\n\ntwo"),
        (f"Subject: s\n{PARTS}gone\n\n--other\nContent-Type: text/plain\n\none\n--other--\n", "one"),
        (f"Subject: s\n{PARTS}a\n\n--a\none\n--a--\n", "one"),
        ("Subject: s\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n\n-- \nlist footer!\n", "hello"),
        ("Subject: s\nContent-Transfer-Encoding: quoted-printable\n\n100= =ZZ L=c3=b6", "100= =ZZ Lö"),
    ],
)
def test_a_broken_whole_still_says_what_it_says(raw: str, text: str) -> None:
    mail = parse_email(raw.encode())
    assert (mail.subject, mail.text) == ("s", text)


def test_a_file_in_an_old_encoding_has_its_bytes_and_no_more() -> None:
    head = b"Content-Type: application/octet-stream; name=cat\nContent-Transfer-Encoding: x-uuencode\n\n"
    (file,) = parse_email(head + b"begin 644 cat\n#0V%T\n`\nend\n").attachments
    assert file.content == b"Cat"


@pytest.mark.parametrize("stub", ["To view this email as a web page, go here.", "Bitte im Browser ansehen"])
def test_a_pointer_to_the_html_is_no_letter(stub: str) -> None:
    html = "--a\nContent-Type: text/html\n\n<p>Delete my data &#99999999999999999999;"
    raw = f"Content-Type: multipart/alternative; boundary=a\n\n--a\n\n{stub}\n{html}\n--a--\n"
    assert parse_email(raw.encode()).text == "Delete my data \ufffd"


def test_every_id_that_a_mail_answers_is_known() -> None:
    raw = b"References: <a@x>\nReferences: <b@x>\nIn-Reply-To: <b@x> <c@x>\n\nx"
    assert parse_email(raw).answers_to == ("<b@x>", "<c@x>", "<a@x>")
