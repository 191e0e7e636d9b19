"""Benefit statements (uitkeringsspecificaties): rules, import of a month, publishing, reading."""
