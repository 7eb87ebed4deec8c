"""What the privacy laws say, as data that counsel reviews without Python: one YAML file for each in `laws/`.

To add a law, write `laws/<key>.yaml` after the contract in `base.py`; nothing else is touched. Every figure
carries `cite` and `check`; a rule that starts later carries `since` and is not used before. `load.py` reads a
file when first asked for and names file and key of what it does not understand. `refusals.yaml` holds the
words in which a person reads each reason for a refusal. No date is computed here: see `deadlines`.
"""
