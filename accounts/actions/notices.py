"""Telling people about a change to an account: it may not have been its owner who made it."""

from accounts.models import Employer, User
from accounts.outbox import send_email


def tell(user: User, subject: str, template: str) -> None:
    """E-mails the user, in the caller's transaction."""
    send_email(to=user.email, purpose="beveiliging", subject=subject, template=template, context={})


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
        )
