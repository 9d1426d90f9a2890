"""The suite. A slow machine is no defect: property tests have no time limit of their own."""

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
