"""The table of proofs as a page: which level each right demands, under which law, and what gives it."""
