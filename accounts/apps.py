"""Employers, policies, users, the second factor, audit."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Toegang"
