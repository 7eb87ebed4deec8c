"""Ann Lee, whom the tests of traces look for."""

from fulfillment.traces.person import KnownPerson

ANN = KnownPerson.by(
    ("name", "Ann Lee"),
    ("email", "ann@example.org"),
    ("phone_number", "+49 30 901820"),
    ("customer_number", "4711"),
    ("iban", "DE89 3704 0044 0532 0130 00"),
    ("user_name", "annlee77"),
    ("postal_address", "Lindenstraße 12, 10969 Berlin"),
)
