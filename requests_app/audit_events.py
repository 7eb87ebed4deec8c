"""The names of what this app records, each with the sentence a reader sees."""

SENTENCES = {
    "request.received": "The request was received ({channel}): {right}, {regime}.",
    "request.identity_asked": "The person was asked to confirm.",
    "request.identity_confirmed": "The person confirmed the address given.",
    "request.approved": "The search was approved.",
    "request.search_finished": "Every source has answered.",
    "request.search_repeated": "The search was ordered again.",
    "request.review_finished": "The review of the findings was finished.",
    "request.bundle_built": "The copy was built.",
    "request.sent_back": "The copy was sent back to review.",
    "request.released": "The copy was released to the person.",
    "request.completed": "The person fetched the copy; the request is completed.",
    "request.refused": "The request was refused.",
    "request.withdrawn": "The person withdrew the request.",
    "request.lapsed": "The request lapsed: it was never confirmed.",
    "request.assigned": "The request was given to {assignee}.",
    "person.revealed": "The person's name and address were shown to a member of staff.",
    "code.mailed": "A code was mailed ({purpose}).",
    "message.sent": "A message was sent ({notice}).",
    "message.failed": "A message could not be delivered ({notice}): {why}",
}
