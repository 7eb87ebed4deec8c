"""The demo's mailbox: keeps every mail the product sends and shows it on a page, so that codes can be read.

`python -m omne_dsar.demo.mailbox --smtp-port 2525 --http-port 8025 --folder var/mail`. Nothing is sent on.
Nothing of Django or of the product is loaded in its process.
"""
