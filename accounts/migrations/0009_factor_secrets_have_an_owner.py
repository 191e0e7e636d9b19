import accounts.sealed
from django.db import migrations

COLUMNS = [("accounts_smsdevice", "number"), ("accounts_totpdevice", "key")]


def _seal_anew(schema_editor, *, opened_with_owner, sealed_with_owner):
    """Each secret, sealed for its user or for its column only; the rows stay as they are."""
    with schema_editor.connection.cursor() as cursor:
        for table, column in COLUMNS:
            purpose = f"{table}.{column}"
            cursor.execute(f'SELECT id, user_id, "{column}" FROM {table} FOR UPDATE')
            for pk, user_id, sealed in cursor.fetchall():
                text = accounts.sealed.unseal(sealed, purpose, user_id if opened_with_owner else "")
                anew = accounts.sealed.seal(text, purpose, user_id if sealed_with_owner else "")
                cursor.execute(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', [anew, pk])


def bind(apps, schema_editor):
    _seal_anew(schema_editor, opened_with_owner=False, sealed_with_owner=True)


def unbind(apps, schema_editor):
    _seal_anew(schema_editor, opened_with_owner=True, sealed_with_owner=False)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_links_bound_to_the_account'),
    ]

    operations = [
        migrations.AlterField(
            model_name='smsdevice',
            name='number',
            field=accounts.sealed.SealedTextField(editable=True, owner='user_id', verbose_name='mobiel nummer'),
        ),
        migrations.AlterField(
            model_name='totpdevice',
            name='key',
            field=accounts.sealed.SealedTextField(editable=True, owner='user_id', verbose_name='sleutel'),
        ),
        migrations.RunPython(bind, unbind),
    ]
