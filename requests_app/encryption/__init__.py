"""Personal data at rest: the key ring, sealed columns, blind indexes, sealed files and the store they live
in.
"""
