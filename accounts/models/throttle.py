"""Counters against guessing. See accounts/throttle.py."""

from django.db import models


class Bucket(models.Model):
    """A token bucket. `key` is a keyed hash: the table names nobody."""

    key = models.CharField(primary_key=True, max_length=64)
    tokens = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "teller"
        verbose_name_plural = "tellers"

    def __str__(self) -> str:
        return f"{self.tokens:.1f}"
