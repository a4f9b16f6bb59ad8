from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "surveillance.accounts"
    label = "accounts"
