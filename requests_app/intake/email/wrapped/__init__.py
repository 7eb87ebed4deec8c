"""What programs wrap mail in: Outlook's winmail.dat (`tnef`, `rtf`), signatures (`cms`, `pgp`), `calendar`.

Each reader takes bytes or text of a stranger, gives what it finds and stops at what it does not understand.
"""
