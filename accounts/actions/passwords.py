"""A new password for who forgot it."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.enrolment import StaleError
from accounts.actions.notices import tell
from accounts.audit import Action
from accounts.models import OneTimeLink, User


@transaction.atomic
def reset_password(*, link: OneTimeLink, password: str) -> User:
    """Sets a new password by a link, ends every session and tells the user by e-mail.

    The second factor stays: the next login asks for both steps. Raises StaleError when the link
    was used or revoked meanwhile.
    """
    user = User.objects.select_for_update().get(pk=link.user_id)
    if not OneTimeLink.objects.live().filter(pk=link.pk).update(used_at=timezone.now()):
        raise StaleError
    user.set_password(password)
    user.security_epoch += 1
    user.save(update_fields=["password", "security_epoch"])
    audit.record(Action.PASSWORD_SET, by=user)
    tell(user, "Uw wachtwoord is gewijzigd", "password_changed")
    return user
