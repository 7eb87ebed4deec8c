"""Traces of a person where no map leads: in other people's words, in JSON, in encoded values. No database here.

`person.py` says what is known of somebody, `look.py` finds it in a value however deep it is packed, `judge.py` says
what a record with such hits is (own, mention, shared, namesake), `redact.py` takes the identifying words out again.
`patterns.py` and `folding.py` say when two spellings are the same, `decoders/` is the family of packings. Whoever
reads records with this lives elsewhere: `sweeps`, and the masking of `changes`.
"""
