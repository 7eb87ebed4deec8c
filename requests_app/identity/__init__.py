"""Is it really them: codes, links and the other proofs, what they are worth, and what happens when none comes.

`methods/` holds the ways to prove, one file each; `base.py` what they have in common. `ways.py` says what is missing
and how it can be shown, `give.py` and `sign_in.py` take a proof, `ask.py` and `decide.py` are the staff's part,
`prove.py` is the one door to a level, `forget.py` deletes evidence, `lapse.py` ends the wait.
Not here: which level a right demands (`lifecycle/proof_levels.yaml`).
"""
