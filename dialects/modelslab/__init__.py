"""ModelsLab's video API, as its clients speak it."""
