"""Benefit statements by line: the runs, sheets and lines, the maximum daily wages and the covers."""

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('absence', '0006_corrections'),
        ('accounts', '0016_access_offers'),
        ('documents', '0002_case_note_submission'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='benefitstatement',
            name='uuid',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True),
        ),
        migrations.CreateModel(
            name='MaximumDailyWage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_day', models.DateField(unique=True, verbose_name='geldt vanaf')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=7, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='bedrag')),
            ],
            options={
                'verbose_name': 'maximumdagloon',
                'verbose_name_plural': 'maximumdaglonen',
                'ordering': ['-from_day'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='maximum_daily_wage_is_positive', violation_error_message='Vul een bedrag boven nul in.'), models.CheckConstraint(condition=models.Q(('from_day__day', 1)), name='maximum_daily_wage_from_first_of_month', violation_error_message='Een maximumdagloon geldt vanaf de eerste van een maand.')],
            },
        ),
        migrations.CreateModel(
            name='StatementRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='maand')),
                ('row_count', models.PositiveIntegerField(default=0, verbose_name='regels in het bestand')),
                ('imported_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='ingelezen op')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='bevestigd op')),
                ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='bevestigd door')),
                ('imported_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ingelezen door')),
            ],
            options={
                'verbose_name': 'maand met uitkeringen',
                'verbose_name_plural': 'maanden met uitkeringen',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='StatementSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('total', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='totaal')),
                ('facts', models.JSONField(default=list, verbose_name='polisgegevens')),
                ('pay_by', models.DateField(null=True, verbose_name='uiterlijk betaald op')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statement_sheets', to='accounts.employer')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.policy')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='documents.statementrun')),
                ('statement', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='documents.benefitstatement')),
            ],
            options={
                'verbose_name': 'specificatieblad',
                'verbose_name_plural': 'specificatiebladen',
                'ordering': ['employer__name', 'policy__number'],
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('BENEFIT', 'uitkering'), ('NOTHING', 'geen uitkering'), ('CORRECTION', 'correctie')], max_length=10)),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list)),
                ('first_sick_day', models.DateField(verbose_name='eerste ziektedag')),
                ('first_day', models.DateField(verbose_name='van')),
                ('last_day', models.DateField(verbose_name='tot en met')),
                ('corrected_month', models.DateField(null=True, verbose_name='correctie van')),
                ('daily_wage', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='dagloon')),
                ('maximum', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='maximumdagloon')),
                ('percentage', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=5)),
                ('income', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='inkomen per dag')),
                ('days', models.PositiveSmallIntegerField(default=0, verbose_name='uitkeringsdagen')),
                ('waiting_days', models.PositiveSmallIntegerField(default=0, verbose_name='wachtdagen')),
                ('day_gross', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='bruto per dag')),
                ('gross', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='bruto')),
                ('deduction', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='korting')),
                ('supplement', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='aanvulling')),
                ('charges', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='werkgeverslasten')),
                ('correction', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='correctie')),
                ('total', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10, verbose_name='totaal')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.employer')),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statement_lines', to='absence.trajectory')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='documents.statementsheet')),
            ],
            options={
                'verbose_name': 'regel van een specificatie',
                'verbose_name_plural': 'regels van specificaties',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PolicyCover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('percentage', models.DecimalField(decimal_places=2, help_text='Van het dagloon, meestal 70.', max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='uitkeringspercentage')),
                ('waiting_days', models.PositiveSmallIntegerField(help_text='Kalenderdagen, een keer per ziektegeval.', validators=[django.core.validators.MaxValueValidator(730)], verbose_name='wachtdagen')),
                ('policy', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cover', to='accounts.policy', verbose_name='polis')),
            ],
            options={
                'verbose_name': 'dekking',
                'verbose_name_plural': 'dekkingen',
                'ordering': ['policy__number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('percentage__gte', 0), ('percentage__lte', 100)), name='policy_cover_percentage_0_to_100', violation_error_message='Een percentage ligt van 0 tot en met 100.')],
            },
        ),
        migrations.AddConstraint(
            model_name='statementrun',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='run_month_is_first_day'),
        ),
        migrations.AddConstraint(
            model_name='statementrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='run_confirmed_with_who_and_when'),
        ),
        migrations.AddConstraint(
            model_name='statementsheet',
            constraint=models.UniqueConstraint(fields=('run', 'policy'), name='sheet_once_per_run_and_policy'),
        ),
        migrations.AddConstraint(
            model_name='statementsheet',
            constraint=models.CheckConstraint(condition=models.Q(('pay_by', None), models.Q(('statement__isnull', False), ('total__gt', 0)), _connector='OR'), name='sheet_promises_only_a_payment'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='line_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('deduction__gte', 0), ('deduction__lte', models.F('gross')), ('gross__gte', 0), ('charges__gte', 0), ('daily_wage__gte', 0), ('income__gte', 0), ('supplement__gte', 0)), name='line_amounts_are_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('days'), '*', models.F('day_gross')))), name='line_gross_is_days_times_amount'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('gross'), '-', models.F('deduction')), '+', models.F('supplement')), '+', models.F('charges')), '+', models.F('correction')))), name='line_total_is_its_parts'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrected_month__isnull', False), ('gross', 0), ('kind', 'CORRECTION')), models.Q(('corrected_month', None), ('correction', 0), ('kind', 'BENEFIT')), models.Q(('corrected_month', None), ('correction', 0), ('kind', 'NOTHING'), ('total', 0)), _connector='OR'), name='line_fits_its_kind'),
        ),
    ]
