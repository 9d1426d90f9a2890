"""The floor: the plainest Django and DRF application that takes a prompt, charges it, and reads it back.

A bearer look-up, a check by hand, the ORM, a dict shaped by hand. It knows no price list, no tunes, no files, no
idempotency, no scopes and no triggers; what it costs is what the frameworks cost.
"""
