"""Mail as a door: what a raw message says, in which language, and what it seems to ask for.

In reading order: `parsed` (the values), `limits`, `parse` (bytes → ParsedEmail, by way of `headers`, `header_words`,
`parameters`, `addresses`, `structure`, `transfer`, `charsets`, `body`, `flowed`, `html_text`, `wrapped`, `reports`,
`bounces`, `storable`), `quotes` (new text and quoted text), `language`, `understanding` (text → rights, on which
words), `read` (both as one value), `apart` (the same in a process of its own: for whatever strangers send),
`classify` (all of it as JSON).
Everything here is pure: no row is read or written, nothing is fetched, no clock is looked at.
"""
