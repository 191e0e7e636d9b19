"""The global stop on sms codes: a last wall against fraud that sends codes nobody asked for.

Source: security.md 2.5 (sms pumping): a breaker on volume and on conversion.
"""

import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit, throttle
from accounts.audit import Action
from accounts.models import OutgoingMessage, SmsDevice, SmsStop, User
from accounts.outbox import send_email

logger = logging.getLogger(__name__)

# Of the last 50 codes that had their time, fewer than 30% were typed: those were not our users.
LOOKED_AT = 50
USED_SHARE = 0.30


def is_stopped() -> bool:
    return SmsStop.objects.active().exists()


def stop_when_hardly_used() -> SmsStop | None:
    """Stops sending when the codes of late were hardly used.

    Those that may still be typed do not count, nor those that never left (a provider that is away
    is no fraud), nor those from before the last stop. The window grows with SMS_ALLOWANCE, as
    all limits do.
    """
    window = LOOKED_AT * settings.SMS_ALLOWANCE
    codes = OutgoingMessage.objects.exclude(state=OutgoingMessage.State.FAILED).filter(
        channel=OutgoingMessage.Channel.SMS,
        purpose="code",
        created_at__lt=timezone.now() - SmsDevice.VALID_FOR,
    )
    if reopened_at := SmsStop.objects.aggregate(last=Max("reopened_at"))["last"]:
        codes = codes.filter(created_at__gt=reopened_at)
    used = list(codes.order_by("-created_at").values_list("code_used_at", flat=True)[:window])
    if len(used) < window or sum(at is not None for at in used) >= window * USED_SHARE:
        return None
    return stop(SmsStop.Reason.CONVERSION)


def stop(reason: SmsStop.Reason) -> SmsStop | None:
    """Stops sending, and tells the operators; recorded. None when it was stopped already."""
    try:
        with transaction.atomic():
            found = SmsStop.objects.create(reason=reason)
    except IntegrityError:
        return None
    logger.error("sms codes are stopped: %s", reason.value)
    audit.record(Action.SMS_STOPPED, by=None, obj=found, detail={"reason": reason.value})
    if settings.OPERATOR_EMAIL:
        send_email(
            to=settings.OPERATOR_EMAIL,
            purpose="sms-stop",
            subject="Het versturen van sms-codes is gestopt",
            template="sms_stopped",
            context={"reason": reason.label},
            is_repeatable=True,
        )
    return found


@transaction.atomic
def reopen(*, by: User, stopped: SmsStop) -> SmsStop:
    """Sends codes again, with the hour's count started anew; recorded."""
    found = SmsStop.objects.select_for_update().get(pk=stopped.pk)
    if found.reopened_at is None:
        found.reopened_at, found.reopened_by = timezone.now(), by
        found.save(update_fields=["reopened_at", "reopened_by"])
        audit.record(Action.SMS_REOPENED, by=by, obj=found)
        throttle.sms_in_all_anew()
    return found
