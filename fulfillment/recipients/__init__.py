"""Recipients: those who had data from us, told of what was corrected, erased or restricted (Article 19 GDPR).

models     whom we tell and how; what one of them is to be told for one request; each letter as a piece of work
save       add a recipient, change it, give it a new secret
places     which collections the maps say a recipient has had
identify   by what a recipient knows the person, never more than it has
notify     write the notices of a change that was carried out
send       by mail or by signed call, effectively once
answer     the link behind which a recipient says how it stands
by_hand    what a person writes down instead, and why somebody cannot be told
remind     after a set time, and no more often than that
"""
