"""What is announced of a sending, inside the transaction that made it so."""

from django.dispatch import Signal

# sender: Sending; sending, at: somebody let it go, for the first time or once more
sending_let_go = Signal()
