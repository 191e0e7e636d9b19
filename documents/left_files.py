"""What deleted documents leave in the store is taken out of it: never before their rows are gone.

A row goes in any way there is (an act, a script, SQL): the database itself writes down its file, in
the same transaction. Nothing else takes a file out of the store, so that no row loses its file.
"""

import logging

from django.core.files.storage import default_storage
from django.db import transaction

from documents.models import Document, LeftFile

logger = logging.getLogger(__name__)


def remove_left_files() -> int:
    """The worker takes out all that is left. Returns how many stay: the store does not answer.

    Done twice, or killed halfway, it does no harm: a file that is gone is no error.
    """
    for pk in LeftFile.objects.order_by("pk").values_list("pk", flat=True):
        try:
            _remove(pk)
        except Exception:  # each storage backend raises its own
            logger.exception("left file %d cannot be taken out of the store", pk)
            break
    return LeftFile.objects.count()


@transaction.atomic
def _remove(pk: int) -> None:
    """The row goes last: of a worker that is killed before, another does it again."""
    left = LeftFile.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if left is None:
        return
    if not Document.objects.filter(file=left.key).exists():
        default_storage.delete(left.key)
    left.delete()
