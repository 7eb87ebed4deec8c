"""The people of the demo company who have a part to play, and what each of them is there to show.

| who | address | what they show |
| --- | --- | --- |
| Zoë Lindqvist | zoe.lindqvist@example.org | the star: about 430 rows over all three sources, two accounts |
| Emma Carter | emma.carter@example.org | lives with Zoë: shares her postal address; has traces beyond every map |
| Zoë Lindqvist | zoe.lindqvist@mail.example | a namesake, somebody else |
| Zoë Lindqvist | zoe.lindqvist+shop@example.org | a plus address: not Zoë's until she names it |
| Marek Dvořák | marek.dvorak@volume.example | the busy one: about 20,000 rows |
| ليلى حداد | layla.haddad@example.net | Arabic, written right to left |
| 佐藤 美咲 | misaki.sato@example.com | Japanese, family name first |
| Ann and Joann | ann@juniper.example, joann@juniper.example | one address is the end of the other |
| Lee Ray, Lee X. Ray | lee_ray@juniper.example, leexray@juniper.example | `_` means any letter in LIKE |
| the office | office@kestrel.example | a mailbox that three people share |
| Rosa Keller | rosa.keller@omne.example | a member of staff who is a customer too |
| Sofía Márquez | sofia.marquez@example.org | a merged profile: one ticket shows her old address, so a search stops |
| nobody | nobody@unknown.example | no source has ever heard of them |
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a part: name, address, home and how much they use the products (1 is usual)."""

    given: str
    family: str
    email: str
    country: str
    activity: float = 1.0


STAR = Member("Zoë", "Lindqvist", "zoe.lindqvist@example.org", "DE", 1.2)
HOUSEMATE = Member("Emma", "Carter", "emma.carter@example.org", "DE")
NAMESAKE = Member("Zoë", "Lindqvist", "zoe.lindqvist@mail.example", "DE")
STAR_WITH_PLUS = Member("Zoë", "Lindqvist", "zoe.lindqvist+shop@example.org", "DE", 0.3)
BUSY = Member("Marek", "Dvořák", "marek.dvorak@volume.example", "PL", 84.0)
ARABIC = Member("ليلى", "حداد", "layla.haddad@example.net", "AE")
JAPANESE = Member("美咲", "佐藤", "misaki.sato@example.com", "JP")
ANN = Member("Ann", "Porter", "ann@juniper.example", "US")
JOANN = Member("Joann", "Porter", "joann@juniper.example", "US")
UNDERSCORE = Member("Lee", "Ray", "lee_ray@juniper.example", "US")
NOT_UNDERSCORE = Member("Lee X.", "Ray", "leexray@juniper.example", "US")
OFFICE = Member("Kestrel", "Office", "office@kestrel.example", "GB", 0.6)
STAFF_CUSTOMER = Member("Rosa", "Keller", "rosa.keller@omne.example", "DE", 0.8)
MERGED = Member("Sofía", "Márquez", "sofia.marquez@example.org", "ES")

CAST = (
    STAR, HOUSEMATE, NAMESAKE, STAR_WITH_PLUS, BUSY, ARABIC, JAPANESE, ANN, JOANN, UNDERSCORE, NOT_UNDERSCORE,
    OFFICE, STAFF_CUSTOMER, MERGED,
)  # fmt: skip
MERGED_FROM = "s.marquez@post.example"
UNKNOWN_EMAIL = "nobody@unknown.example"
SHARED_MAILBOX_USERS = 3
