"""Sick reports and their percentages over time."""

from django.apps import AppConfig


class AbsenceConfig(AppConfig):
    name = "absence"
    verbose_name = "Verzuim"
