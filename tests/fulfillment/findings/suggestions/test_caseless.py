"""Names in scripts without capital letters: beside an address, with a title, alone in another script's sentence."""

import pytest

from fulfillment.findings.suggestions.caseless import caseless_names
from fulfillment.findings.suggestions.texts import identifiers_in, names_beside


def _named(text: str) -> list[str]:
    return sorted({text[each.start : each.end] for each in caseless_names(text)})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I cannot finish this. 张 强 (qiang@example.net) told me.", "张 强"),
        ("पूछिए राजेश मिश्रा <rajesh@inbox.example>", "राजेश मिश्रा"),
        ("תודה, נועה שפירא (noa@post.example) כתבה", "נועה שפירא"),
        ("سألت ليلى حداد layla@example.net", "ليلى حداد"),
        ("ask qiang@example.net (欧阳 晓明)", "欧阳 晓明"),
        ("박 민준: min@example.net", "박 민준"),
        ("สมชาย ใจดี <somchai@example.net>", "สมชาย ใจดี"),
    ],
)
def test_a_name_beside_an_address_is_found(text: str, name: str) -> None:
    (address,) = identifiers_in(text, "DE")
    assert [text[each.start : each.end] for each in names_beside(text, address.start, address.end)] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The first time 陈 敏 answered and promised a call back.", "陈 敏"),
        ("Could you send विक्रम वर्मा the new price list?", "विक्रम वर्मा"),
        ("Please close this, दीपिका चौहान has already solved it.", "दीपिका चौहान"),
        ("The invoice names سلمى النجار as contact.", "سلمى النجار"),
        ("My colleague נועה שפירא sees the order.", "נועה שפירא"),
        ("佐藤 一郎 is on leave until the 14th.", "佐藤 一郎"),
        ("call with 박 민준", "박 민준"),
        ("Со мной говорила 佐藤 翔 вчера", "佐藤 翔"),
    ],
)
def test_words_alone_in_a_sentence_of_another_script_are_found(text: str, name: str) -> None:
    assert _named(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("昨日田中さんに電話しました。", "昨日田中"),
        ("佐藤様より連絡がありました", "佐藤"),
        ("ミラーさんが担当です", "ミラー"),
        ("昨天和王小明先生谈过", "王小明"),
        ("请联系李女士", "李"),
        ("김민수 씨가 답했습니다", "김민수"),
        ("تحدثت مع السيد أحمد منصور أمس", "أحمد منصور"),
        ("דיברתי עם מר יוסי כהן אתמול", "יוסי כהן"),
        ("मैंने श्री राजेश मिश्रा से बात की", "राजेश मिश्रा"),
        ("ติดต่อ คุณสมชาย ใจดี แล้ว", "สมชาย ใจดี"),
    ],
)
def test_a_name_with_a_title_is_found_in_its_own_script(text: str, name: str) -> None:
    assert name in _named(text)


@pytest.mark.parametrize(
    "text",
    [
        "今日の会議は三時からです。",
        "お客様の皆様へ、ご案内です。",
        "고객님, 주문이 완료되었습니다.",
        "سأرسل الفاتورة غدا صباحا.",
        "החשבונית לא הגיעה עד היום.",
        "मेरा ऑर्डर कहाँ है",
        "สินค้าคุณภาพดีมาก",
        "He wrote “请把发票寄到我的新地址，谢谢你们的帮助和耐心等待” to us.",
        "Nothing of another script here, Ann said.",
        "",
    ],
)
def test_whole_sentences_and_forms_of_address_are_nobody(text: str) -> None:
    assert _named(text) == []
