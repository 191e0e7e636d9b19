"""What people do with sick reports: one function per act, in one transaction, with its event."""
