"""People who log in: contact persons at an employer, and staff of InComfort and HCS."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from accounts.models.employers import Employer

INCOMFORT_GROUP = "InComfort"
HCS_GROUP = "HCS"


class UserManager(DjangoUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this username or e-mail address, in any case. Raises User.DoesNotExist.

        No name is another user's address: a username has no @ (constraint below).
        """
        name = Lower(Value((username or "").strip()))
        return self.get(Q(Exact(Lower("username"), name)) | Q(Exact(Lower("email"), name)))

    def named(self, name: str) -> "User | None":
        """The user who may have typed this at the login."""
        try:
            return self.get_by_natural_key(name)
        except User.DoesNotExist:
            return None


class User(AbstractUser):
    """One person's account. `security_epoch` goes up when every other session must end."""

    class State(models.TextChoices):
        """How far the activation came: each step asks for the one before it."""

        INVITED = "INVITED", "Uitgenodigd"
        PASSWORD_SET = "PASSWORD_SET", "Wachtwoord ingesteld"
        FACTOR_CONFIRMED = "FACTOR_CONFIRMED", "Tweede stap ingesteld"
        BACKUP_SHOWN = "BACKUP_SHOWN", "Back-up code getoond"
        ACTIVE = "ACTIVE", "Actief"

    email = models.EmailField("e-mailadres", max_length=254)
    state = models.CharField(
        "activatie", max_length=20, choices=State.choices, default=State.INVITED, editable=False
    )
    state_at = models.DateTimeField("sinds", default=timezone.now, editable=False)
    security_epoch = models.PositiveIntegerField(default=0, editable=False)
    # Since when this user wants the weekly e-mail; empty while he does not.
    digest_since = models.DateTimeField("weekoverzicht sinds", null=True, editable=False)

    if TYPE_CHECKING:
        # Set on the user of a request by django_otp's middleware.
        def is_verified(self) -> bool: ...

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_any_case",
                violation_error_message="Deze gebruikersnaam bestaat al.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_any_case",
                violation_error_message="Er is al een gebruiker met dit e-mailadres.",
            ),
            models.CheckConstraint(
                condition=~Q(username__contains="@"),
                name="user_name_is_no_address",
                violation_error_message="Een gebruikersnaam heeft geen @.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip()

    def reach(self, state: State, *changed: str) -> None:
        """Saves that the activation came this far, now, and what else changed."""
        self.state, self.state_at = state, timezone.now()
        self.save(update_fields=["state", "state_at", *changed])

    def get_session_auth_hash(self) -> str:
        """Django ends a session whose hash differs: password and epoch both count."""
        return self._session_hash(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Any:
        for fallback in super().get_session_auth_fallback_hash():
            yield self._session_hash(fallback)

    def _session_hash(self, password_hash: str) -> str:
        return f"{password_hash}.{self.security_epoch}"

    @cached_property
    def employer_roles(self) -> "dict[Employer, str]":
        """The employers this user works for today, by name, with the role there; none for staff.

        Asked once per request, for what the log and the page say. Which rows may be seen is
        asked of the database each time: `visible_to`.
        """
        from accounts.models.employers import roles_of  # that module refers to this one

        return roles_of(self)

    @cached_property
    def roles(self) -> dict[int, str]:
        """The same by the keys of the employers. In a request they came with its session."""
        return {employer.pk: role for employer, role in self.employer_roles.items()}

    def forget_roles(self) -> None:
        """They are asked of the database again: something was added in this request."""
        for kept in ("employer_roles", "roles"):
            vars(self).pop(kept, None)

    @property
    def is_beheerder(self) -> bool:
        """Of one employer at least: what the menu offers."""
        return "BEHEERDER" in self.roles.values()

    @cached_property
    def _group_names(self) -> frozenset[str]:
        return (
            frozenset(self.groups.values_list("name", flat=True)) if self.is_staff else frozenset()
        )

    @property
    def is_hcs(self) -> bool:
        """Case manager of the arbodienst: reads and writes HCS documents and notes."""
        return HCS_GROUP in self._group_names

    @property
    def is_incomfort(self) -> bool:
        """Insurer staff: never opens what HCS wrote (rulebook P5)."""
        return INCOMFORT_GROUP in self._group_names
