"""What the worker gave up, and the kind of the last error of each job."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_digest_since'),
        ('procrastinate', '0041_post_retry_failed_job'),
    ]

    operations = [
        migrations.CreateModel(
            name='JobError',
            fields=[
                ('job_id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='opdracht')),
                ('kind', models.CharField(max_length=60, verbose_name='soort fout')),
            ],
            options={
                'verbose_name': 'fout van een opdracht',
                'verbose_name_plural': 'fouten van opdrachten',
            },
        ),
        migrations.CreateModel(
            name='FailedJob',
            fields=[
            ],
            options={
                'verbose_name': 'mislukte opdracht',
                'verbose_name_plural': 'mislukte opdrachten',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('procrastinate.procrastinatejob',),
        ),
    ]
