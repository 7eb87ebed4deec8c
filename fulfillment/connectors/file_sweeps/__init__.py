"""Files and objects gone through for a person: every one below the root, in a map or not, whatever it is written in."""
