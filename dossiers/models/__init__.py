"""Dossiers, the employees they are about, and the keys by which they are found."""

from dossiers.models.dossiers import Dossier
from dossiers.models.employees import Employee, EmployeeChange, bsn_index, in_history
from dossiers.models.employments import Employment, EmploymentType, left_on
from dossiers.models.merges import Merge
from dossiers.models.search_keys import SearchKey

__all__ = [
    "Dossier",
    "Employee",
    "EmployeeChange",
    "Employment",
    "EmploymentType",
    "Merge",
    "SearchKey",
    "bsn_index",
    "in_history",
    "left_on",
]
