"""Why a code or a password was not accepted, in words for the page."""

from accounts.actions.codes import CodeCheck, Sending

NO_SUCH_CODE = "Deze code klopt niet of is verlopen. Controleer de code en probeer het opnieuw."
NO_SUCH_PASSKEY = (
    "Deze passkey is niet geaccepteerd. Probeer het opnieuw, of gebruik een andere inlogoptie."
)
COPIED = (
    "Deze passkey is geweigerd: misschien heeft iemand er een kopie van. Wij hebben u een e-mail "
    "gestuurd. Gebruik een andere inlogoptie en verwijder de passkey bij uw account."
)
EXPIRED = "Het duurde te lang of de pagina was al eens gebruikt. Probeer het opnieuw."
STOPPED = (
    "Er is te vaak een verkeerde code ingevuld. U kunt alleen nog inloggen met uw back-up code. "
    "Hebt u die niet, bel dan InComfort: 024-374 16 60."
)

NO_SMS = "Wij kunnen op dit moment geen sms versturen."
INSTEAD = "Gebruik uw authenticatie-app of uw back-up code, of bel InComfort: 024-374 16 60."
INSTEAD_OF_SETTING_UP = "Kies de authenticatie-app, of bel InComfort: 024-374 16 60."
SHORT_WAIT = 60  # seconds: who waits for the next sms needs no other way


def why_not_sent(sending: Sending, instead: str = INSTEAD) -> str:
    """With what the user can do meanwhile, unless that is to wait for a moment."""
    if sending.is_stopped:
        return f"{NO_SMS} {instead}"
    told = f"U kunt pas over {in_words(sending.wait)} een nieuwe sms krijgen."
    return told if sending.wait <= SHORT_WAIT else f"{told} {instead}"


def why_refused(check: CodeCheck) -> str:
    if check.is_stopped:
        return STOPPED
    return too_often(check.wait) if check.wait else NO_SUCH_CODE


def why_passkey_refused(check: CodeCheck) -> str:
    if check.is_copied:
        return COPIED
    return why_refused(check) if check.is_stopped or check.wait else NO_SUCH_PASSKEY


def too_often(wait: int) -> str:
    return f"Er is te vaak geprobeerd. Wacht {in_words(wait)} en probeer het opnieuw."


def in_words(seconds: int) -> str:
    """45 -> "45 seconden", 61 -> "2 minuten", 7200 -> "2 uur"; rounded up."""
    if seconds < 60:
        return f"{seconds} seconde{'' if seconds == 1 else 'n'}"
    minutes = -(-seconds // 60)
    if minutes < 120:
        return f"{minutes} minu{'ut' if minutes == 1 else 'ten'}"
    return f"{-(-minutes // 60)} uur"
