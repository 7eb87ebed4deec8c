"""How mail reaches us, one file each; all of them call `receive` and nothing behind it."""
