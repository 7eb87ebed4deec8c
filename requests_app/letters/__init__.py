"""Letters: what they say (`blocks`), in whose words (`kinds`, `wordings`), and what is kept of them (`write`, `pdf`).

Staff may change words, never layout, and no words from the database run anything: `markup` knows paragraphs, lists,
emphasis and the placeholders that a kind of letter allows.
"""
