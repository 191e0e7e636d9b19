"""Making and sending the one-time links of the e-mails."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import OneTimeLink, User
from accounts.outbox import send_email
from accounts.pending import account_binding


def send_link(
    user: User,
    purpose: OneTimeLink.Purpose,
    *,
    by: User | None,
    page: str,
    subject: str,
    template: str,
) -> OneTimeLink:
    """E-mails a fresh link to `page`; earlier links for the same purpose are revoked.

    To be called in the transaction of an action. The address is made from our own setting: the
    Host header is the client's, who could have a link sent that leads to himself.
    """
    link, token = make_link(user, purpose, by=by)
    link.message = send_email(
        to=user.email,
        purpose=purpose.label.lower(),
        subject=subject,
        template=template,
        context={"address": settings.PUBLIC_URL + reverse(page, args=[token])},
    )
    link.save()
    return link


def make_link(
    user: User, purpose: OneTimeLink.Purpose, *, by: User | None, to: str = ""
) -> tuple[OneTimeLink, str]:
    """A fresh link, still to be saved, and its token; earlier ones for the purpose are revoked.

    `to` is an address that is not the user's yet.
    """
    now = timezone.now()
    earlier = OneTimeLink.objects.filter(user=user, purpose=purpose, used_at=None, revoked_at=None)
    earlier.update(revoked_at=now)
    token = OneTimeLink.new_token()
    link = OneTimeLink(
        user=user,
        purpose=purpose,
        digest=OneTimeLink.digest_of(token),
        sent_to_hash=OneTimeLink.address_hash(to or user.email),
        new_address=to,
        binding=account_binding(user) if to else "",
        created_by=by,
        expires_at=now + OneTimeLink.VALID_FOR[purpose],
    )
    return link, token
