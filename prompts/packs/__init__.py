"""Packs: sets of template prompts, run on tunes that exist or on one that is made for the run."""
