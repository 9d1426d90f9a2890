"""Quote, prepare, accept: the only way to a tune and its price, for every face."""

from tunes.submission.accept import accept, accept_once
from tunes.submission.prepare import PreparedTune, prepare
from tunes.submission.quote import TuneQuote, check_preset, quote, training_cost_mc

__all__ = ["PreparedTune", "TuneQuote", "accept", "accept_once", "check_preset", "prepare", "quote", "training_cost_mc"]
