"""The job that sends one message of the outbox. Apart from tasks.py, which needs the outbox."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.actions.messages import MAX_ATTEMPTS, deliver_message


@app.task(queue="messages", retry=RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=4))
def send_message(message_id: int) -> None:
    deliver_message(message_id=message_id)
