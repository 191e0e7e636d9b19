"""Staff make two records of one person into one."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from accounts import audit
from accounts.audit import Action
from accounts.models import Employer
from accounts.sealed import SealedTextField
from dossiers.change_actions import record_change
from dossiers.merging import differences, other_iban, pointing_at, relations, rows_of
from dossiers.models import Dossier, Employee, EmployeeChange, Merge
from dossiers.search import rebuild_keys

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

GONE = "Een van de twee dossiers is intussen al samengevoegd. Er is niets gewijzigd."
TWO_NUMBERS = (
    "Beide dossiers hebben een eigen burgerservicenummer: dan zijn het twee personen. Er is niets"
    " samengevoegd."
)


@transaction.atomic
def merge_employees(*, by: "User", kept: Employee, other: Employee) -> Merge:
    """All that belongs to `other` belongs to `kept` from now on, and `other` is gone.

    What both say stays as `kept` says it; the rest is in the history. A BSN or IBAN that `kept`
    does not have is taken over; another IBAN is kept with the merge. Recorded for both dossiers.
    Raises PermissionDenied without the right to, ValidationError for one record twice, for two
    employers, for two BSNs, and when one of them was merged meanwhile.
    """
    if not by.has_perm("dossiers.add_merge"):
        raise PermissionDenied("Only InComfort merges dossiers.")
    check_pair(kept, other)
    kept, other = _locked(kept, other)
    check_pair(kept, other)
    old_uuid = other.dossier.uuid
    changes, iban = differences(kept=kept, other=other), other_iban(kept=kept, other=other)
    moved = _move_all(other, kept)
    _take_over(kept, other, [change.field for change in changes])
    for change in changes:
        record_change(by, kept, change.field, old=change.old, new=change.new)
    record_change(
        by, kept, EmployeeChange.Field.MERGED, old=other.display_name, new=kept.display_name
    )
    rebuild_keys(kept.dossier)
    _record(by, kept, kept.dossier.uuid, merged=str(old_uuid))
    _record(by, kept, old_uuid, into=str(kept.dossier.uuid))
    return Merge.objects.create(
        employer=kept.employer,
        kept=kept.dossier,
        old_uuid=old_uuid,
        moved=moved,
        iban=iban,
        added_by=other.created_by,
        added_at=other.created_at,
        merged_by=by,
    )


@transaction.atomic
def reveal_other_iban(*, by: "User", merge: Merge) -> str:
    """The whole IBAN of the record that went, where the kept one had another; recorded.

    "" when there is none. Raises PermissionDenied without the right to see merges.
    """
    if not by.has_perm("dossiers.view_merge"):
        raise PermissionDenied("Only InComfort looks into merges.")
    iban: str = merge.iban or ""
    if iban:
        audit.record(
            Action.IBAN_REVEAL, by=by, employer=merge.employer, dossier=merge.kept, obj=merge
        )
    return iban


def check_pair(kept: Employee, other: Employee) -> None:
    """Raises ValidationError unless these may be records of one person."""
    if kept.pk == other.pk:
        raise ValidationError("Dit is hetzelfde dossier.", code="same")
    if kept.employer_id != other.employer_id:
        raise ValidationError("De dossiers zijn van twee werkgevers.", code="other_employer")
    if kept.bsn and other.bsn:
        raise ValidationError(TWO_NUMBERS, code="two_numbers")


def _locked(kept: Employee, other: Employee) -> tuple[Employee, Employee]:
    """Both as they are now, with all that points at them.

    In the order in which other acts lock: the employer, then the rows that hang on a person, the
    person and the dossier last. With the last two locked nothing new can point at them.
    """
    Employer.objects.select_for_update(no_key=True).get(pk=kept.employer_id)
    keys = [kept.pk, other.pk]
    people = Employee.objects.filter(pk__in=keys)
    dossiers = Dossier.objects.filter(employee__in=keys)
    for model, owners in ((Employee, people), (Dossier, dossiers)):
        for field in relations(model):
            rows = field.model._base_manager.filter(**{f"{field.name}__in": owners})
            list(rows.order_by("pk").select_for_update().values_list("pk"))
    found = {
        employee.pk: employee
        for employee in people.select_related("dossier", "employer", "created_by")
        .order_by("pk")
        .select_for_update(of=("self", "dossier"))
    }
    if len(found) < len(keys):
        raise ValidationError(GONE, code="gone")
    return found[kept.pk], found[other.pk]


def _move_all(source: Employee, target: Employee) -> dict[str, list[int]]:
    """Lets all rows point at the target; returns their keys by model."""
    moved: dict[str, set[int]] = {}
    targets: dict[type[models.Model], models.Model] = {Employee: target, Dossier: target.dossier}
    for field, owner in pointing_at(source):
        keys = moved.setdefault(field.model._meta.label_lower, set())
        keys.update(rows_of(field, owner).values_list("pk", flat=True))
        _move(field, owner, targets[type(owner)])
    return {label: sorted(keys) for label, keys in moved.items() if keys}


def _move(field: "models.ForeignKey[Any, Any]", owner: models.Model, target: models.Model) -> None:
    """Values that are sealed for the owner are sealed anew: moved as they are, they do not open."""
    rows = rows_of(field, owner)
    sealed = [
        column.name
        for column in field.model._meta.concrete_fields
        if isinstance(column, SealedTextField) and column.owner == field.attname
    ]
    if not sealed:
        rows.update(**{field.name: target})
        return
    for row in rows:
        opened = {name: getattr(row, name) for name in sealed}
        for name, value in {field.attname: target.pk, **opened}.items():
            setattr(row, name, value)
        row.save(update_fields=[field.name, *sealed])


def _take_over(kept: Employee, other: Employee, fields: list[str]) -> None:
    """The other record goes, and its BSN and IBAN come over where the kept one has none.

    First it goes: a BSN exists once at an employer. Were a row still pointing at it, this would
    be refused.
    """
    dossier = other.dossier
    taken = [name for name in EmployeeChange.WITHOUT_VALUES if name in fields]
    Employee.objects.filter(pk=other.pk).delete()
    Dossier.objects.filter(pk=dossier.pk).delete()
    for name in taken:
        setattr(kept, name, getattr(other, name))
    if taken:
        kept.save(update_fields=taken)


def _record(by: "User", kept: Employee, dossier: "UUID", **detail: str) -> None:
    audit.record(
        Action.DOSSIER_MERGED,
        by=by,
        employer=kept.employer,
        dossier=dossier,
        obj=kept,
        detail=detail,
    )
