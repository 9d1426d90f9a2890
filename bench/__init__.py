"""`make bench`: the product against floors in the same run; `docs/architecture.md` says what the floors are for."""
