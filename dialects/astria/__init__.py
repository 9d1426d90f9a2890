"""Astria's REST API, as its clients speak it."""
