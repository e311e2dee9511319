from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "lenity.interfaces.shared"
    label = "shared"
