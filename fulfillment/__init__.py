"""The work: find, act, pack, hand over. Read the folders in this order.

datamaps    what a source holds, as reviewed YAML
traces      a person's identifiers found in any value, however packed, and taken out of it again
connectors  how each kind of system is asked, a family
sources     a connector with its settings and its map
introspection  what a live database seems to hold, proposed as a map
sweeps      a source gone through for one person wherever no map leads
runs        one attempt to fulfil one request, a leased row per source
findings    what came back, decided by the staff
recipients  those who had the data from us, told of what was carried out, and what they answer
changes     what each source is to change for a decision, by whose hand, and whether it holds
callbacks   what systems call back with for orders that were sent to them
bundles     the answer as files, sealed, signed, recorded
"""
