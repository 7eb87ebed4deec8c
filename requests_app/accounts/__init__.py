"""Who works here: staff accounts, sign-in with a second factor, and what each view asks of its visitor."""
