"""The work: reports, cases, requests with their items, answers, and the tallies of it.

A clock that stands says since when; a request says which version its clocks agree with. The sweeps
have indexes of clocks that run, and of requests that an older calendar was used for. Nobody in
person drafts sandbox demands or decides about them (docs/decisions/0027).
"""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.models.answer_file
import cases.models.contest
import cases.models.evidence
import surveillance.searching


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_search_pairs"),  # for indexes
        ("calendars", "0001_tables"),
        ("jobs", "0001_tables"),
        ("sellers", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("checked", "checked, not handed in"), ("handed_in", "handed in")],
                        default="checked",
                        max_length=10,
                    ),
                ),
                ("filename", models.CharField(max_length=150)),
                (
                    "file",
                    models.FileField(max_length=200, upload_to=cases.models.answer_file.stored_as),
                ),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "columns",
                    models.JSONField(default=list, help_text="names, as they stand in the file"),
                ),
                (
                    "notes",
                    models.JSONField(default=list, help_text="sentences about the file as a whole"),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("ready", models.PositiveIntegerField(default=0)),
                ("answered", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("left_open", models.PositiveIntegerField(default=0)),
                (
                    "job",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_file",
                        to="jobs.job",
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_files",
                        to="sellers.platform",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["platform", "-uploaded_at", "-id"], name="answer_file_newest"
                    ),
                    models.Index(fields=["platform", "sha256"], name="answer_file_hash"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("investigating", "investigating"),
                            ("enforcing", "enforcing"),
                            ("monitoring", "monitoring"),
                            ("closed", "closed"),
                            ("merged", "merged"),
                        ],
                        default="investigating",
                        max_length=20,
                    ),
                ),
                ("is_restricted", models.BooleanField(default=False)),
                ("is_sandbox", models.BooleanField(db_default=False, default=False)),
                (
                    "risk_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("low", "low risk"),
                            ("medium", "medium risk"),
                            ("high", "high risk"),
                            ("serious", "serious risk"),
                        ],
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("search_text", models.TextField(blank=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_cases",
                        to="cases.case",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="accounts.office",
                    ),
                ),
                (
                    "products",
                    models.ManyToManyField(blank=True, related_name="cases", to="sellers.product"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseListing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_listings",
                        to="cases.case",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_listings",
                        to="sellers.listing",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "listing"), name="case_listing_unique")
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="listings",
            field=models.ManyToManyField(
                blank=True, related_name="cases", through="cases.CaseListing", to="sellers.listing"
            ),
        ),
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField(verbose_name="note")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("needs_information", "needs information"),
                            ("accepted", "accepted"),
                            ("duplicate", "duplicate"),
                            ("dismissed", "dismissed"),
                        ],
                        default="received",
                        max_length=20,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("consumer", "consumer"),
                            ("business", "business"),
                            ("authority", "another authority"),
                            ("monitoring", "own monitoring"),
                            ("feed", "foreign feed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("feed", models.CharField(blank=True, max_length=20)),
                ("native_id", models.CharField(blank=True, max_length=120)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("language", models.CharField(default="en", max_length=10)),
                ("received_at", models.DateTimeField()),
                ("reported_on", models.DateField(null=True)),
                ("product_name", models.CharField(max_length=500)),
                ("brand", models.CharField(blank=True, max_length=200)),
                ("model", models.CharField(blank=True, max_length=300)),
                ("serial", models.CharField(blank=True, max_length=200)),
                (
                    "gtins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=14),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=200)),
                ("manufacturer", models.CharField(blank=True, max_length=300)),
                ("retailer", models.CharField(blank=True, max_length=300)),
                ("listing_url", models.URLField(blank=True, max_length=1000)),
                ("incident", models.TextField()),
                ("happened_on", models.DateField(blank=True, null=True)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("none", "no injury"),
                            ("minor", "minor injury, no treatment"),
                            ("first_aid", "first aid or seen by a doctor"),
                            ("emergency", "emergency department"),
                            ("hospital", "admitted to hospital"),
                            ("death", "death"),
                            ("unknown", "not stated"),
                        ],
                        default="unknown",
                        max_length=12,
                    ),
                ),
                ("raw", models.JSONField(blank=True, default=dict)),
                ("search_text", models.TextField(blank=True)),
                ("triaged_at", models.DateTimeField(null=True)),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="cases.case",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="cases.report",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-received_at", "-id"], name="report_newest"),
                    models.Index(
                        fields=["state", "-received_at", "-id"],
                        include=["severity", "source", "case"],
                        name="report_state",
                    ),
                    models.Index(
                        fields=["severity", "-received_at", "-id"],
                        include=["state", "source", "case"],
                        name="report_severity",
                    ),
                    models.Index(
                        fields=["source", "-received_at", "-id"],
                        include=["state", "severity", "case"],
                        name="report_source",
                    ),
                    models.Index(
                        fields=["assignee", "-received_at", "-id"],
                        include=["state", "severity", "source", "case"],
                        name="report_assignee",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="report_search", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        surveillance.searching.SearchPairs("search_text"),
                        name="report_search_pairs",
                    ),
                    models.Index(
                        condition=models.Q(("state", "received")),
                        fields=["assignee", "id"],
                        include=("case",),
                        name="report_waiting",
                    ),
                    models.Index(
                        models.OrderBy(
                            models.Case(
                                models.When(severity="none", then=models.Value(0)),
                                models.When(severity="minor", then=models.Value(1)),
                                models.When(severity="unknown", then=models.Value(2)),
                                models.When(severity="first_aid", then=models.Value(3)),
                                models.When(severity="emergency", then=models.Value(4)),
                                models.When(severity="hospital", then=models.Value(5)),
                                models.When(severity="death", then=models.Value(6)),
                                output_field=models.IntegerField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("received_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("state", "received")),
                        name="report_triage",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("native_id", ""), _negated=True),
                        fields=("feed", "native_id"),
                        name="report_native_id_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            ("case__isnull", False),
                            _connector="OR",
                        ),
                        name="an_accepted_report_has_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "duplicate"), _negated=True),
                            ("duplicate_of__isnull", False),
                            _connector="OR",
                        ),
                        name="a_duplicate_names_its_original",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duplicate_of", models.F("id")), _negated=True),
                        name="no_report_is_its_own_duplicate",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReporterContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("town", models.CharField(blank=True, max_length=120)),
                ("person_hurt", models.CharField(blank=True, max_length=300)),
                ("may_contact", models.BooleanField(default=False)),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporter",
                        to="cases.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TakedownRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("order", "order"), ("notice", "notice")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("awaiting_approval", "awaiting approval"),
                            ("approved", "approved"),
                            ("issued", "issued"),
                            ("closed", "closed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("facts", models.TextField(verbose_name="facts")),
                ("hazard", models.TextField(verbose_name="hazard")),
                ("territory", models.CharField(max_length=200, verbose_name="territory")),
                ("action", models.TextField(verbose_name="what to do")),
                ("redress", models.TextField(blank=True, verbose_name="redress")),
                ("drafted_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("calendar_version", models.PositiveIntegerField(db_default=0, default=0)),
                ("is_sandbox", models.BooleanField(db_default=False, default=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takedowns",
                        to="cases.case",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takedowns",
                        to="sellers.platform",
                    ),
                ),
                (
                    "regime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.regime",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-drafted_at", "-id"], name="takedown_newest"),
                    models.Index(fields=["state", "-drafted_at", "-id"], name="takedown_state"),
                    models.Index(fields=["platform", "due_at", "id"], name="takedown_platform_due"),
                    models.Index(
                        fields=["platform", "-drafted_at", "-id"], name="takedown_platform"
                    ),
                    models.Index(
                        fields=["platform", "-issued_at", "-id"], name="takedown_platform_issued"
                    ),
                    models.Index(fields=["due_at", "id"], name="takedown_due"),
                    models.Index(
                        condition=models.Q(("remind_at__isnull", False)),
                        fields=["remind_at"],
                        name="takedown_to_remind",
                    ),
                    models.Index(
                        condition=models.Q(("state", "issued")),
                        fields=["regime", "calendar_version"],
                        name="takedown_calendar",
                    ),
                    models.Index(
                        condition=models.Q(("is_sandbox", True)),
                        fields=["platform", "state"],
                        name="takedown_sandbox",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_at__isnull", False),
                            ("state__in", ["approved", "awaiting_approval", "draft", "withdrawn"]),
                            _connector="OR",
                        ),
                        name="an_issued_takedown_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_second_person_approves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_sandbox", True), ("drafted_by__isnull", False), _connector="OR"
                        ),
                        name="a_person_drafts_a_real_demand",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("needs_information", "needs information"),
                            ("removed", "removed, to be verified"),
                            ("not_found", "not found, to be verified"),
                            ("refused", "refused"),
                            ("still_online", "still online"),
                            ("confirmed", "removal verified"),
                            ("refusal_accepted", "refusal accepted"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("derivation", models.JSONField(null=True)),
                ("pauses", models.JSONField(default=list)),
                ("paused_at", models.DateTimeField(null=True)),
                (
                    "extension",
                    models.PositiveSmallIntegerField(default=0, help_text="working days"),
                ),
                ("missed_at", models.DateTimeField(null=True)),
                ("missed_count", models.PositiveSmallIntegerField(default=0)),
                ("escalation_step", models.PositiveSmallIntegerField(default=0)),
                ("escalate_at", models.DateTimeField(null=True)),
                ("answer_id", models.CharField(blank=True, max_length=120)),
                ("answered_at", models.DateTimeField(null=True)),
                ("corrected_at", models.DateTimeField(null=True)),
                ("first_answered_at", models.DateTimeField(null=True)),
                ("answered_in_time", models.BooleanField(null=True)),
                ("identified", models.BooleanField(null=True)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_this_product", "it is not the product described"),
                            ("compliant", "the product complies; proof attached or described"),
                            ("not_ours", "the listing is not on this platform"),
                            ("outside_territory", "it is not offered in the territory named"),
                            ("other", "another ground"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answer_text", models.TextField(blank=True)),
                ("statement", models.JSONField(blank=True, null=True)),
                ("question", models.TextField(blank=True)),
                ("information", models.TextField(blank=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("decision", models.TextField(blank=True)),
                ("appeal_until", models.DateTimeField(null=True)),
                ("appeal_due_at", models.DateTimeField(null=True)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="sellers.listing",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="cases.item",
                    ),
                ),
                (
                    "takedown",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="cases.takedownrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["takedown_id", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("missed_at", None),
                            ("paused_at", None),
                            ("started_at__isnull", False),
                            ("state__in", ["pending", "still_online"]),
                        ),
                        fields=["due_at"],
                        name="item_running_clock",
                    ),
                    models.Index(
                        condition=models.Q(("escalate_at__isnull", False)),
                        fields=["escalate_at"],
                        name="item_to_escalate",
                    ),
                    models.Index(fields=["state", "due_at", "id"], name="item_state_due"),
                    models.Index(fields=["started_at"], name="item_started"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("takedown", "number"), name="item_number_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("predecessor", None)),
                        fields=("takedown", "listing"),
                        name="item_listing_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answer_id", ""), _negated=True),
                        fields=("takedown", "answer_id"),
                        name="item_answer_id_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_at", None), ("due_at__isnull", False), _connector="OR"
                        ),
                        name="a_started_clock_has_a_due_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("ground", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_refusal_has_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            ("verified_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_confirmed_removal_was_verified",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TallyBasis",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("basis", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="there_is_one_tally_basis"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TallyMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "takedown",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cases.takedownrequest",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-opened_at", "-id"], name="case_newest"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["state", "-opened_at", "-id"], name="case_state"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["assignee", "-opened_at", "-id"], name="case_assignee"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["office", "-opened_at", "-id"], name="case_office"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["risk_level", "-opened_at", "-id"], name="case_risk"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["due_at", "id"], name="case_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_restricted", True)),
                fields=["id"],
                include=["assignee", "office"],
                name="case_restricted",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="case_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                surveillance.searching.SearchPairs("search_text"), name="case_search_pairs"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(
                        ("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a_closed_case_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="a_merged_case_names_its_heir",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="no_case_is_merged_into_itself",
            ),
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("handle", models.CharField(max_length=150)),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("standard", "standard"),
                            ("watched", "watched"),
                            ("high_risk", "high risk"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be reviewed"),
                            ("upheld", "upheld"),
                            ("dismissed", "dismissed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=cases.models.contest.stored_as
                    ),
                ),
                ("filename", models.CharField(blank=True, max_length=200)),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("filed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contests",
                        to="sellers.platform",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contests",
                        to="sellers.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["-filed_at", "-id"],
                "indexes": [
                    models.Index(fields=["state", "filed_at", "id"], name="contest_state_filed")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("platform", "seller"),
                        name="one_open_contest_of_a_platform",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_decided_contest_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "appeal open"),
                            ("upheld", "appeal upheld"),
                            ("dismissed", "appeal dismissed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "denied",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("needs_information", "needs information"),
                            ("removed", "removed, to be verified"),
                            ("not_found", "not found, to be verified"),
                            ("refused", "refused"),
                            ("still_online", "still online"),
                            ("confirmed", "removal verified"),
                            ("refusal_accepted", "refusal accepted"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                ("against_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("lodged_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("derivation", models.JSONField()),
                ("late_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.TextField(blank=True)),
                (
                    "against_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lodged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeals",
                        to="cases.item",
                    ),
                ),
            ],
            options={
                "ordering": ["lodged_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("late_at", None), ("state", "open")),
                        fields=["due_at"],
                        name="appeal_open_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("item",),
                        name="one_open_appeal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(
                                ("decided_at__isnull", False),
                                models.Q(("decision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_decided_appeal_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("against_by", None),
                            models.Q(("decided_by", models.F("against_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_second_person_decides_an_appeal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "to be answered"),
                            ("answered", "answered"),
                            ("unchanged", "unchanged"),
                            ("refused", "refused"),
                            ("left_open", "left open"),
                        ],
                        max_length=10,
                    ),
                ),
                ("cells", models.JSONField()),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("ground", models.CharField(blank=True, max_length=20)),
                ("text", models.TextField(blank=True)),
                ("answer_id", models.CharField(blank=True, max_length=120)),
                ("remarks", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="cases.answerfile",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.item",
                    ),
                ),
            ],
            options={
                "ordering": ["row"],
                "indexes": [models.Index(fields=["file", "state", "row"], name="answer_row_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "row"), name="answer_row_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["ready", "answered"]), _negated=True),
                            ("item__isnull", False),
                            _connector="OR",
                        ),
                        name="an_answer_has_its_item",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("photo", "photo"),
                            ("screenshot", "screenshot"),
                            ("document", "document"),
                            ("proof_of_removal", "proof of removal"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "file",
                    models.FileField(max_length=200, upload_to=cases.models.evidence.stored_as),
                ),
                ("filename", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="cases.case",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="cases.item",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="cases.report",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["added_at", "filename", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("case__isnull", False), ("report__isnull", False), _connector="OR"
                        ),
                        name="evidence_belongs_somewhere",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("validated", "validated"),
                            ("superseded", "superseded"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("result", models.JSONField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("low", "low risk"),
                            ("medium", "medium risk"),
                            ("high", "high risk"),
                            ("serious", "serious risk"),
                        ],
                        max_length=10,
                    ),
                ),
                ("assessed_at", models.DateTimeField()),
                ("validated_at", models.DateTimeField(null=True)),
                (
                    "assessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="cases.case",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellers.product",
                    ),
                ),
                (
                    "validated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-assessed_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("validated_by", None),
                            models.Q(("validated_by", models.F("assessed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_second_person_validates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "validated")),
                        fields=("case",),
                        name="case_has_one_validated_assessment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormalLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("sent", "sent"), ("dropped", "dropped")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("answer_by", models.DateField(null=True)),
                ("prepared_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("document", models.JSONField(null=True)),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "takedown",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="formal_letters",
                        to="cases.takedownrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("takedown", "number"), name="formal_letter_number_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("takedown",),
                        name="one_draft_of_a_formal_letter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            models.Q(
                                ("answer_by__isnull", False),
                                ("document__isnull", False),
                                ("sent_at__isnull", False),
                                ("sent_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_sent_formal_letter_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("working_days", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("requested_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.TextField(blank=True)),
                (
                    "approvals",
                    models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "takedown",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="cases.takedownrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("takedown",),
                        name="one_open_extension_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("working_days__gte", 1), ("working_days__lte", 60)),
                        name="an_extension_is_1_to_60_working_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("order", "order"), ("notice", "notice")], max_length=10
                    ),
                ),
                ("regime", models.CharField(max_length=40)),
                ("month", models.DateField()),
                ("name", models.CharField(max_length=30)),
                ("working_days", models.PositiveSmallIntegerField(null=True)),
                ("listings", models.PositiveIntegerField()),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sellers.platform",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["platform", "regime", "month"], name="tally_group")
                ],
            },
        ),
    ]
