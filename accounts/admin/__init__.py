"""Staff screens for users and their access, policies, messages on their way, and the log."""

from accounts.admin.access_requests import AccessRequestAdmin
from accounts.admin.links import ActivationLinkAdmin
from accounts.admin.log import AuditEventAdmin
from accounts.admin.messages import OutgoingMessageAdmin
from accounts.admin.policies import PolicyAdmin
from accounts.admin.recoveries import AccountRecoveryAdmin
from accounts.admin.sms_stops import SmsStopAdmin
from accounts.admin.users import UserAdmin

__all__ = [
    "AccessRequestAdmin",
    "AccountRecoveryAdmin",
    "ActivationLinkAdmin",
    "AuditEventAdmin",
    "OutgoingMessageAdmin",
    "PolicyAdmin",
    "SmsStopAdmin",
    "UserAdmin",
]
