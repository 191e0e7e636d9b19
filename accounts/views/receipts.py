"""Where sms providers report what became of a message. Open to everybody, believed when signed.

Every answer is the same, whether or not we know the message: nobody learns which ids exist.
"""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.sms.http_json import found_at
from accounts.sms.receipts import delivery_of, delivery_of_kannel, is_kannel_token, is_signed
from accounts.tasks import store_receipt

MAX_BYTES = 10_000


@csrf_exempt  # another computer posts here: its signature proves more than a token of ours
@login_not_required
@require_POST
def json_receipt(request: HttpRequest) -> HttpResponse:
    """JSON with an id and a status, under the provider's names (SMS_RECEIPT_ID, _STATUS)."""
    body = request.read(MAX_BYTES + 1)
    signed = is_signed(
        body=body,
        timestamp=request.headers.get("x-timestamp", ""),
        signature=request.headers.get("x-signature", ""),
    )
    if not signed or len(body) > MAX_BYTES:
        return HttpResponse(status=403)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    status = found_at(settings.SMS_RECEIPT_STATUS, data)
    _store(found_at(settings.SMS_RECEIPT_ID, data), delivery_of(status), status)
    return HttpResponse(status=204)


@login_not_required
@require_safe
def kannel_receipt(request: HttpRequest, message_id: str, token: str) -> HttpResponse:
    """Kannel can only GET; the token in the address was given to it with this one message."""
    if not is_kannel_token(message_id, token):
        return HttpResponse(status=403)
    status = request.GET.get("status", "")
    _store(message_id, delivery_of_kannel(status), f"kannel {status}")
    return HttpResponse(status=204)


def _store(provider_id: str, delivery: str, status: str) -> None:
    """In the worker: a receipt can be here before the sending itself was stored."""
    if provider_id and delivery:
        store_receipt.defer(provider_id=provider_id[:100], delivery=delivery, status=status)
