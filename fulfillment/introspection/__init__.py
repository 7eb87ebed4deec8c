"""Proposing data maps: look at a live database and say where it seems to hold people's data, how surely and why.

`read_schema` asks the database for its tables, `sampling` for a few rows of each; `words`, `names` and `values`
judge names and values, `categories` columns, `references` what points where, `people` whose a table is; `document`
writes it all as a map. `drift` compares a map with the live source, `compare` with a proposal. Sampled values are
counted and thrown away: no map, message or log holds one.
"""
