from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "astria_clone"
    label = "house"
