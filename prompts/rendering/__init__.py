"""From a claimed prompt to its stored results."""
