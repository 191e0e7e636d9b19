"""Who may see what: employers and their policies, users, and the record of what they did."""

from accounts.models.access_requests import AccessRequest
from accounts.models.audit import AuditEvent
from accounts.models.devices import BackupCodeDevice, SmsDevice, TotpDevice
from accounts.models.employers import (
    SOMEBODY,
    Employer,
    Membership,
    Policy,
    StandIn,
    has_zw_erd,
    key_of,
    managed_by,
    open_to,
    seen_by,
)
from accounts.models.jobs import FailedJob, JobError
from accounts.models.links import ActivationLink, OneTimeLink
from accounts.models.messages import OutgoingMessage, SmsStop
from accounts.models.offers import AccessOffer
from accounts.models.passkeys import PasskeyDevice
from accounts.models.recoveries import AccountRecovery
from accounts.models.sessions import Session
from accounts.models.throttle import Bucket
from accounts.models.users import User

__all__ = [
    "SOMEBODY",
    "AccessOffer",
    "AccessRequest",
    "AccountRecovery",
    "ActivationLink",
    "AuditEvent",
    "BackupCodeDevice",
    "Bucket",
    "Employer",
    "FailedJob",
    "JobError",
    "Membership",
    "OneTimeLink",
    "OutgoingMessage",
    "PasskeyDevice",
    "Policy",
    "Session",
    "SmsDevice",
    "SmsStop",
    "StandIn",
    "TotpDevice",
    "User",
    "has_zw_erd",
    "key_of",
    "managed_by",
    "open_to",
    "seen_by",
]
