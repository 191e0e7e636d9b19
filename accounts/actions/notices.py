"""Telling people about a change to an account: it may not have been its owner who made it."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Employer, User
from accounts.outbox import send_email


def tell(user: User, subject: str, template: str) -> None:
    """E-mails the user, in the caller's transaction."""
    send_email(
        to=user.email,
        purpose="beveiliging",
        subject=subject,
        template=template,
        context={},
        is_repeatable=True,
    )


def tell_contacts(
    user: User,
    subject: str = "De 2-stappen controle van een gebruiker is gewijzigd",
    template: str = "factor_changed_contact",
) -> None:
    """E-mails the main contact of each employer that one of its users changed a second step, or
    what else the template says.

    Not when that user is the contact. Names nobody. Source: security.md 2.4.
    """
    employers = Employer.objects.visible_to(user).exclude(contact=None).exclude(contact=user)
    addresses = employers.filter(contact__is_active=True).values_list("contact__email", flat=True)
    for address in sorted(set(addresses)):
        send_email(
            to=address,
            purpose="beveiliging",
            subject=subject,
            template=template,
            context={},
            is_repeatable=True,
        )


def tell_contact(employer: Employer, *, about: User | None) -> None:
    """E-mails the main contact of an employer that somebody's access was changed by a beheerder.

    Also when the contact did it: it may have been somebody at his open session. Not when it is
    about the contact, who is told himself. Names nobody.
    """
    contact = employer.contact
    if contact is None or contact == about or not contact.is_active:
        return
    # Who is no beheerder would find nothing behind the link.
    sees_it = Employer.objects.managed_by(contact).filter(pk=employer.pk).exists()
    page = settings.PUBLIC_URL + reverse("accounts:colleagues")
    send_email(
        to=contact.email,
        purpose="beveiliging",
        subject="De toegang van een collega is gewijzigd",
        template="colleague_changed_contact",
        context={"address": page if sees_it else ""},
        is_repeatable=True,
    )
