"""What is removed by itself. What somebody did with it stays in the audit log."""

from datetime import timedelta

from django.utils import timezone

from accounts.actions.recovery import expire_recoveries
from accounts.actions.resending import forget_texts
from accounts.enrolment import IDLE_SECONDS
from accounts.models import (
    AccessRequest,
    Bucket,
    FailedJob,
    JobError,
    Session,
    SmsDevice,
    TotpDevice,
)

# The slowest limit is full again after a day: an older counter says nothing.
COUNTER_DAYS = 2


def tidy() -> None:
    """Removes ended sessions, counters that are full again, factors never confirmed, errors of
    jobs that went well after all, texts of e-mails that nobody had sent again, and what strangers
    typed to ask for access once that was dealt with; ends what nobody decided in time.
    """
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Bucket.objects.filter(at__lt=now - timedelta(days=COUNTER_DAYS)).delete()
    AccessRequest.objects.to_wipe().delete()
    expire_recoveries()
    forget_texts()
    running = FailedJob.objects.filter(status__in=["todo", "doing", "failed"])
    JobError.objects.exclude(job_id__in=running.values("pk")).delete()
    abandoned = now - timedelta(seconds=IDLE_SECONDS)
    for model in (SmsDevice, TotpDevice):
        model.objects.filter(confirmed=False, created_at__lt=abandoned).delete()
