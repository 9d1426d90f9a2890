"""Quote, prepare, accept: the only way to a tune and its price, for every face."""

from tunes.submission.accept import accept
from tunes.submission.prepare import PreparedTune, prepare
from tunes.submission.quote import TuneQuote, quote, training_cost_mc

__all__ = ["PreparedTune", "TuneQuote", "accept", "prepare", "quote", "training_cost_mc"]
