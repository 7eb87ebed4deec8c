"""To which nation of the United Kingdom a place belongs: its bank holidays are the nation's.

Source: ISO 3166-2:GB, which lists council areas and districts under the country they lie in; the Banking and
Financial Dealings Act 1971, Schedule 1, names the holidays of each country.
"""

SCOTLAND, WALES, NORTHERN_IRELAND, ENGLAND = "SCT", "WLS", "NIR", "ENG"

_SCOTTISH = (
    "ABD ABE AGB ANS CLK DGY DND EAY EDH EDU ELN ELS ERW FAL FIF GLG HLD IVC MLN MRY NAY NLK ORK PKN RFW SAY "
    "SCB SLK STG WDU WLN ZET"
)
_WELSH = "AGY BGE BGW CAY CGN CMN CRF CWY DEN FLN GWN MON MTY NTL NWP PEM POW RCT SWA TOF VGL WRX"
_NORTHERN_IRISH = "ABC AND ANN BFS CCG DRS FMO LBC MEA MUL NMD"
_NATIONS = {
    **dict.fromkeys((SCOTLAND, *_SCOTTISH.split()), SCOTLAND),
    **dict.fromkeys((WALES, *_WELSH.split()), WALES),
    **dict.fromkeys((NORTHERN_IRELAND, *_NORTHERN_IRISH.split()), NORTHERN_IRELAND),
}
# The United Kingdom and Great Britain as a whole: only the days that all of them share.
_WHOLE = frozenset({"", "UKM", "GBN"})


def nation_of(subdivision: str) -> str:
    """Return the nation of a place in the United Kingdom by the second part of its code; empty for the whole."""
    if subdivision in _WHOLE:
        return ""
    return _NATIONS.get(subdivision, ENGLAND)
