"""HTML to PDF: `typeset` hands it to a child process of its own, `assets/letter.css` is how every letter looks."""
