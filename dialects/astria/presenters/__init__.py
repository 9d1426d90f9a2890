"""Our objects as Astria's JSON."""

from dialects.astria.presenters.moments import moment
from dialects.astria.presenters.prompts import prompt, quote
from dialects.astria.presenters.tunes import tune, tune_quote

__all__ = ["moment", "prompt", "quote", "tune", "tune_quote"]
