"""Untrusted input of the absence pages."""
