"""Our objects as Astria's JSON."""

from dialects.astria.presenters.moments import moment
from dialects.astria.presenters.prompts import prompt, published, quote
from dialects.astria.presenters.tunes import tune, tune_quote

__all__ = ["moment", "prompt", "published", "quote", "tune", "tune_quote"]
