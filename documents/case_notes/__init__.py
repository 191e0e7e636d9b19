"""The case manager's notes, and the "Overzicht PB" that the worker makes of them."""
