"""Benches: what a page costs beside an empty Django view, measured in one run. `make bench-login`.

A bench says what it measures (`Subject`) and which bars hold (`Bar`); the rest is here: a server as
in production, a client that costs nothing, slices in random order, a table with a verdict.
Why so: docs/decisions/0019-benches.md.
"""
