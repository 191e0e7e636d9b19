"""What staff read about a message that did not arrive: whether it can be sent again, or what else.

By `OutgoingMessage.purpose`. A code or link cannot be read back, so that it is not sent again: who
needs one gets a fresh one.
"""

from accounts.models import OneTimeLink, OutgoingMessage

State, Delivery = OutgoingMessage.State, OutgoingMessage.Delivery

AGAIN = "Dit bericht kan opnieuw worden verstuurd."
NOT_KEPT = "De tekst is gewist, dus dit bericht kan niet opnieuw. Bel zo nodig de ontvanger."
INSTEAD = {
    "code": "Een code wordt niet bewaard. De gebruiker vraagt bij het inloggen een nieuwe code.",
    OneTimeLink.Purpose.ACTIVATION.label.lower(): "Een link wordt niet bewaard. Stuur de gebruiker"
    " een nieuwe: kies bij de gebruiker Opnieuw uitnodigen.",
    OneTimeLink.Purpose.PASSWORD_RESET.label.lower(): "Een link wordt niet bewaard. De gebruiker"
    " vraagt bij het inloggen een nieuwe, met Wachtwoord vergeten.",
    OneTimeLink.Purpose.EMAIL_CHANGE.label.lower(): "Een link wordt niet bewaard. De gebruiker"
    " geeft het nieuwe e-mailadres nog eens op, op de pagina Mijn account.",
    "gebruikersnaam": "Een gebruikersnaam wordt niet bewaard. De gebruiker vraagt hem opnieuw op"
    " bij het inloggen.",
    "weekoverzicht": "Een weekoverzicht geldt voor die week. Volgende maandag komt het volgende.",
}


def what_to_do(message: OutgoingMessage) -> str:
    """A sentence or two; nothing for a message that is on its way or arrived."""
    if message.state == State.FAILED and message.is_repeatable:
        return AGAIN
    if message.state == State.FAILED or message.delivery == Delivery.FAILED:
        return INSTEAD.get(message.purpose, NOT_KEPT)
    return ""
