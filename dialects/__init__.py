"""The wires: their words ↔ ours. No rules, no models."""
