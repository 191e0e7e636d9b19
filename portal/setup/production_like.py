"""An environment like production's: for `check --deploy`, and tests of what development hides.

The values are examples; nothing here opens anything.
"""

PRODUCTION_LIKE = {
    "DEVELOPMENT": "no",
    "PUBLIC_URL": "https://portaal.example.test",
    "ALLOWED_HOSTS": "portaal.example.test",
    "SECRET_KEY": "example-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "SEALING_KEYS": "1:" + "0f" * 32,
    "PEPPER": "example-only-9876543210-zyxwvutsrqponmlkjihgfedcba-JIHGFEDCBA",
    "DATABASE_URL": "postgres://portaal@127.0.0.1/portaal",
    "FROM_EMAIL": "InComfort werkgeversportaal <portaal@example.test>",
    "DESK_EMAIL": "acceptatie@example.test",
    "SMTP_HOST": "smtp.example.test",
    "SMS_HTTP_URL": "https://sms.example.test/messages",
    "SMS_HTTP_KEY": "example-only",
}
