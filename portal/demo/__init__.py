"""Invented employers, people and documents, for development and demonstrations only.

The same rows each time; dates are relative to the day of the first load, so that the sick are
still ill. BSNs are synthetic (they start with 9999), IBANs name a bank that does not exist.
"""
