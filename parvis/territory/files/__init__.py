"""Files that operators lay over the territory: addresses, parcels, finer contours, zones of their own.

A file is read through once, each line checked, what it says set aside; only then is the database written, whole or not
at all. What a file says of a commune replaces what was known of it.
"""
