"""What only a real S3 server shows: keys are asked for, an outage loses nothing, bytes stay."""

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from django.conf import settings
from django.test import Client

from absence.models import Trajectory
from documents import forms
from documents.models import Document
from documents.quarantine import scan
from tests.documents import files
from tests.documents.conftest import content_of, files_in
from tests.documents.conftest import dossier as dossier
from tests.documents.conftest import employer as employer
from tests.documents.conftest import in_as_anna as in_as_anna
from tests.documents.conftest import store as store
from tests.documents.conftest import trajectory as trajectory
from tests.documents.upload_steps import send

pytestmark = [pytest.mark.s3, pytest.mark.django_db]


def options() -> Any:
    return settings.STORAGES["default"]["OPTIONS"]


def test_a_stranger_with_another_secret_gets_nothing(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    send(in_as_anna, trajectory, files.upload(files.pdf()), folder=Document.Folder.CONTRACT)
    [document] = Document.objects.all()
    key = f"{options()['location']}/{document.file.name}"
    stranger = boto3.client(
        "s3",
        endpoint_url=options()["endpoint_url"],
        region_name=options()["region_name"],
        aws_access_key_id="proef",
        aws_secret_access_key="een-andere-sleutel",
    )

    with pytest.raises(ClientError, match=r"403|Forbidden"):
        stranger.head_object(Bucket=options()["bucket_name"], Key=key)
    with pytest.raises(ClientError):
        stranger.list_objects_v2(Bucket=options()["bucket_name"])


def test_what_comes_out_is_what_went_in(
    in_as_anna: Client, trajectory: Trajectory, store: Path
) -> None:
    send(in_as_anna, trajectory, files.upload(files.pdf()), folder=Document.Folder.CONTRACT)
    [document] = Document.objects.all()

    scan(document_id=document.pk)

    assert files_in(store) == [document.file.name]
    assert content_of(document) == files.pdf()
    assert in_as_anna.get(document.get_absolute_url()).getvalue() == files.pdf()


def test_a_server_that_is_gone_is_said_and_what_was_typed_stays(
    in_as_anna: Client, trajectory: Trajectory, settings: Any
) -> None:
    here = settings.STORAGES["default"]
    nowhere = here["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = settings.STORAGES | {"default": here | {"OPTIONS": nowhere}}

    response = send(
        in_as_anna, trajectory, files.upload(files.pdf()), folder=Document.Folder.CONTRACT
    )

    assert response.status_code == 200
    assert forms.STORAGE_DOWN in response.text
    assert response.context["form"]["folder"].value() == Document.Folder.CONTRACT
    assert not Document.objects.exists()
