"""Sessions in the database, so that they can be listed and ended."""

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class Session(AbstractBaseSession):
    """One browser that is (partly) logged in. `user` is set once both steps are done."""

    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,  # a session has no meaning without its user
        null=True,
        related_name="sessions",
    )
    created_at = models.DateTimeField(default=timezone.now)
    # What the user sees of it on the account page; written together with the session's data.
    seen_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=50, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "sessie"
        verbose_name_plural = "sessies"

    def save(self, **kwargs: Any) -> None:
        """Django's store saves a new object each time: keep the moment at which it began."""
        if kwargs.get("force_update"):
            kwargs["update_fields"] = [
                "session_data",
                "expire_date",
                "user",
                "seen_at",
                "browser",
                "network",
            ]
        super().save(**kwargs)

    @classmethod
    def get_session_store_class(cls) -> type:
        from accounts.sessions import SessionStore  # the store imports this model

        return SessionStore
