"""What a migration does that changes the rights of a group of the back office.

Django makes permissions only after all migrations, so a fresh database has none yet: they are made
here as they are handed out, as Django would.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rights = Mapping[str, str]  # "app.model" -> verbs, such as "view change"
Step = Callable[[Any, Any], None]


def permissions(apps: Any, rights: Rights) -> Iterator[Any]:
    """The Permission rows for {"app.model": "view add"}; made where they are missing."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    rows = apps.get_model("auth", "Permission").objects
    for label, verbs in rights.items():
        app_label, model_name = label.split(".")
        content_type, _ = content_types.get_or_create(app_label=app_label, model=model_name)
        name = apps.get_model(label)._meta.verbose_name_raw
        for verb in verbs.split():
            yield rows.get_or_create(
                content_type=content_type,
                codename=f"{verb}_{model_name}",
                defaults={"name": f"Can {verb} {name}"},
            )[0]


def granting(rights: Mapping[str, Rights]) -> tuple[Step, Step]:
    """The two steps of a migration that gives groups more rights: forwards and back.

    `rights` are per name of a group; each group must exist.
    """

    def add(apps: Any, schema_editor: Any) -> None:
        for name, given in rights.items():
            group = apps.get_model("auth", "Group").objects.get(name=name)
            group.permissions.add(*permissions(apps, given))

    def remove(apps: Any, schema_editor: Any) -> None:
        for name, given in rights.items():
            group = apps.get_model("auth", "Group").objects.get(name=name)
            group.permissions.remove(*permissions(apps, given))

    return add, remove
