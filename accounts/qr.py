"""The QR code with which an authenticator app is set up."""

from base64 import b32encode
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from accounts.models import TotpDevice

ISSUER = "InComfort werkgeversportaal"


@dataclass(frozen=True, slots=True)
class AppKey:
    """What the page shows once: the QR code as one SVG path, and the key to type in groups."""

    path: str
    size: int  # of the square, quiet zone included
    text: str


def app_key(device: TotpDevice) -> AppKey:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(setup_address(device))
    rows = code.get_matrix()
    squares = (
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    secret = secret_of(device)
    groups = (secret[i : i + 4] for i in range(0, len(secret), 4))
    return AppKey("".join(squares), len(rows), " ".join(groups))


def secret_of(device: TotpDevice) -> str:
    """The key in base32, as apps want it."""
    return b32encode(bytes.fromhex(device.key)).decode()


def setup_address(device: TotpDevice) -> str:
    """The otpauth address (Key URI format of Google Authenticator), which every app reads."""
    label = quote(f"{ISSUER}:{device.user.username}")
    parameters = {
        "secret": secret_of(device),
        "issuer": ISSUER,
        "algorithm": "SHA1",
        "digits": 6,
        "period": TotpDevice.STEP_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(parameters, quote_via=quote)}"
