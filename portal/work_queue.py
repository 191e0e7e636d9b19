"""The queue's connection: a job is put there in the transaction of what it is about.

Django's connector does so in a request; but a worker has another one, and a job that one of its
jobs asked for was there before the rest of that transaction: it could be done, and find nothing.
docs/decisions/0004-outbox-and-worker.md.
"""

from procrastinate import App, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params


class OneTransaction(DjangoConnector):
    """Django's connection, in a request and in what a worker does."""

    def get_worker_connector(self) -> PsycopgConnector:
        return _OfWorker(self)


class _OfWorker(PsycopgConnector):
    """The worker's own connections, for taking jobs and ending them; not for asking for others."""

    def __init__(self, asking: OneTransaction) -> None:
        super().__init__(kwargs=connector_params(asking.alias))
        self._asking = asking

    def get_sync_connector(self) -> BaseConnector:
        return self._asking


def use_one_transaction(app: App) -> None:
    """Called as soon as the queue is ready (PROCRASTINATE_ON_APP_READY)."""
    assert isinstance(app.connector, DjangoConnector)
    app.connector = app.job_manager.connector = OneTransaction(app.connector.alias)
