"""The keys by which dossiers are found."""

from django.db import models
from django.db.models import Q

import dossiers.lookups  # noqa: F401 - registers `begins_with`
from accounts.models import Employer
from dossiers.models.dossiers import Dossier

OF_STAFF = Q(dossier__gt=0)


class SearchKey(models.Model):
    """One way to find a dossier by the first letters. Written by dossiers.search only."""

    class Match(models.IntegerChoices):
        """What the key was made of; lower is listed first. Source: rulebook 7.2 N2."""

        SURNAME = 0, "achternaam"
        PART = 1, "tussenvoegsels en achternaam, of deel van de achternaam"
        GIVEN = 2, "een van die, met voorletters of roepnaam erachter"

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE)  # derived data
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE)  # derived data
    # Collation C: only then an index serves both "begins with" and the order of the list.
    key = models.CharField(max_length=250, db_collation="C")
    match = models.PositiveSmallIntegerField(choices=Match.choices)
    # So many letters of it begin a better key of the dossier too: a text that is not longer finds
    # the dossier by that one.
    covered = models.PositiveSmallIntegerField()
    in_service = models.BooleanField()

    class Meta:
        verbose_name = "zoeksleutel"
        verbose_name_plural = "zoeksleutels"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "key"], name="search_key_once_per_dossier")
        ]
        # Each answers a search by itself (index-only scan) and in the order of the list. The
        # partial one stays fast when most employees have left.
        indexes = [
            models.Index(
                fields=["employer", "match", "key"],
                include=["dossier", "covered"],
                name="search_key_all",
            ),
            models.Index(
                fields=["employer", "match", "key"],
                include=["dossier", "covered"],
                condition=Q(in_service=True),
                name="search_key_in_service",
            ),
            # Staff search all employers at once. Every row is in it, but PostgreSQL uses it only
            # for who says OF_STAFF as well: an employer's search must not read the keys of other
            # employers, which else looks cheaper for a rare name.
            models.Index(
                fields=["key"], include=["dossier"], condition=OF_STAFF, name="search_key_of_staff"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_match_display()} in {self.dossier_id}"
