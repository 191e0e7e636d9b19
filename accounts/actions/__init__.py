"""What can be done to accounts: one function per act, in one transaction, with its audit event."""
