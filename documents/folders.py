"""The closed list of Submappen: what kind of document a file is, and who puts it there."""

from django.db import models


class Folder(models.TextChoices):
    """Submap: the first three are the employer's to fill."""

    CONTRACT = "ARBEIDSOVEREENKOMST", "arbeidsovereenkomst"
    PAYSLIP = "LOONSTROOK", "loonstrook"
    ABSENCE_OVERVIEW = "VERZUIMOVERZICHT", "verzuimoverzicht"
    CONSULTATION_REPORT = "SPREEKUURVERSLAG", "spreekuurverslag"
    SUMMONS = "OPROEPBRIEF", "oproepbrief"
    STATEMENT = "UITKERINGSSPECIFICATIE", "uitkeringsspecificatie"


EMPLOYER_FOLDERS = (Folder.CONTRACT, Folder.PAYSLIP, Folder.ABSENCE_OVERVIEW)
HCS_FOLDERS = (Folder.CONSULTATION_REPORT, Folder.SUMMONS)
