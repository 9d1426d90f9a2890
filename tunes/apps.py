from django.apps import AppConfig


class TunesConfig(AppConfig):
    name = "tunes"
    label = "tunes"
