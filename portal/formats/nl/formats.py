"""dd-mm-jjjj everywhere: what Django's own Dutch formats spell out ("2 november 2026")."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d-m-Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d-m-Y H:i"
