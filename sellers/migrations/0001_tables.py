"""The market: platforms, sellers and listings, and the register of products and alerts.

A platform says how it is reached, which rules it knows, and by which calendar its people work;
until then by its jurisdiction's. Listings of sandbox demands are made up (docs/decisions/0027).
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import surveillance.searching


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_search_pairs"),  # for indexes
        ("calendars", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Listing",
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
                ("url", models.URLField(max_length=1000, verbose_name="address")),
                ("address_key", models.CharField(max_length=1000)),
                ("title", models.CharField(max_length=500)),
                ("brand", models.CharField(blank=True, max_length=200)),
                ("model", models.CharField(blank=True, max_length=200)),
                (
                    "gtins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=14),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "price",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("text", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("online", "online"), ("gone", "gone")],
                        default="online",
                        max_length=10,
                    ),
                ),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("is_sandbox", models.BooleanField(db_default=False, default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Platform",
            fields=[
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="platform",
                        serialize=False,
                        to="accounts.organisation",
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("marketplace", "marketplace"),
                            ("mall", "online mall"),
                            ("social", "social network"),
                            ("app", "app"),
                        ],
                        max_length=20,
                        verbose_name="kind of platform",
                    ),
                ),
                ("website", models.URLField()),
                ("jurisdiction", models.CharField(max_length=2)),
                ("order_regime", models.CharField(blank=True, max_length=40)),
                ("notice_regime", models.CharField(blank=True, max_length=40)),
                ("is_active", models.BooleanField(default=True)),
                ("hours_set_at", models.DateTimeField(null=True)),
                (
                    "working_calendar",
                    models.CharField(blank=True, db_default="", default="", max_length=40),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ListingData",
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
                    "seller_handle",
                    models.CharField(blank=True, max_length=150, verbose_name="account"),
                ),
                ("title", models.CharField(blank=True, max_length=500, verbose_name="title")),
                ("brand", models.CharField(blank=True, max_length=200, verbose_name="brand")),
                ("model", models.CharField(blank=True, max_length=200, verbose_name="model")),
                (
                    "gtins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=14),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="GTIN",
                    ),
                ),
                ("manufacturer", models.TextField(blank=True, verbose_name="manufacturer")),
                (
                    "responsible_person",
                    models.TextField(blank=True, verbose_name="responsible person"),
                ),
                ("warnings", models.TextField(blank=True, verbose_name="warnings shown")),
                ("offered_since", models.DateField(null=True, verbose_name="offered since")),
                ("units_sold", models.PositiveIntegerField(null=True, verbose_name="units sold")),
                (
                    "listing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data",
                        to="sellers.listing",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="listing",
            name="platform",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="sellers.platform",
            ),
        ),
        migrations.CreateModel(
            name="Product",
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
                ("name", models.CharField(max_length=500)),
                ("brand", models.CharField(blank=True, max_length=200)),
                ("category", models.CharField(blank=True, max_length=200)),
                ("description", models.TextField(blank=True)),
                (
                    "origin",
                    models.CharField(blank=True, max_length=2, verbose_name="country of origin"),
                ),
                (
                    "hazards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("batch", models.TextField(blank=True)),
                ("search_text", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="product_newest"),
                    models.Index(
                        fields=["category", "-created_at", "-id"], name="product_category"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="product_search", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        surveillance.searching.SearchPairs("search_text"),
                        name="product_search_pairs",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["hazards"], name="product_hazards"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="listing",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="sellers.product",
            ),
        ),
        migrations.CreateModel(
            name="Seller",
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
                ("name", models.CharField(max_length=200)),
                ("legal_name", models.CharField(blank=True, max_length=200)),
                ("business_number", models.CharField(blank=True, max_length=40)),
                ("jurisdiction", models.CharField(blank=True, max_length=2)),
                ("website", models.URLField(blank=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("standard", "standard"),
                            ("watched", "watched"),
                            ("high_risk", "high risk"),
                        ],
                        default="standard",
                        max_length=20,
                        verbose_name="tier",
                    ),
                ),
                ("tier_reason", models.TextField(blank=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("reply", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "name"], name="seller_tier_name"),
                    models.Index(fields=["name", "id"], name="seller_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("name"), name="gin_trgm_ops"
                        ),
                        name="seller_search_name",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("legal_name"), name="gin_trgm_ops"
                        ),
                        name="seller_search_legal_name",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("business_number"),
                            name="gin_trgm_ops",
                        ),
                        name="seller_search_business_number",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        surveillance.searching.SearchPairs("name"), name="seller_name_pairs"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        surveillance.searching.SearchPairs("legal_name"),
                        name="seller_legal_name_pairs",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "standard"),
                            models.Q(
                                ("review_on__isnull", False),
                                models.Q(("tier_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_tier_has_reason_and_review_date",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SellerAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handle", models.CharField(max_length=150)),
                ("url", models.URLField(blank=True, max_length=500)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="sellers.platform",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="sellers.seller",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("handle"), name="gin_trgm_ops"
                        ),
                        name="account_search_handle",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        surveillance.searching.SearchPairs("handle"), name="account_handle_pairs"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("platform", "handle"), name="account_unique")
                ],
            },
        ),
        migrations.AddField(
            model_name="listing",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="sellers.selleraccount",
            ),
        ),
        migrations.CreateModel(
            name="PlatformRemark",
            fields=[
                (
                    "platform",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="remark",
                        serialize=False,
                        to="sellers.platform",
                    ),
                ),
                ("text", models.TextField(max_length=1000)),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("demands", "demands"), ("escalation", "escalation")],
                        default="demands",
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_points",
                        to="sellers.platform",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("platform", "purpose", "email"), name="contact_point_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.URLField(max_length=1000)),
                ("file", models.FileField(blank=True, upload_to="pictures/%Y/%m/")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="sellers.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("product", "url"), name="picture_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
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
                    "source",
                    models.CharField(
                        choices=[
                            ("own", "this authority"),
                            ("cpsc", "US CPSC"),
                            ("safety_gate", "EU Safety Gate"),
                            ("health_canada", "Health Canada"),
                            ("oecd", "OECD GlobalRecalls"),
                            ("safety_korea", "SafetyKorea"),
                        ],
                        max_length=20,
                    ),
                ),
                ("native_id", models.CharField(blank=True, max_length=120)),
                ("number", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=500)),
                ("hazard", models.TextField(blank=True)),
                ("what_to_do", models.TextField(blank=True)),
                ("measures", models.TextField(blank=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("serious", "serious risk"),
                            ("other", "other risk"),
                            ("unknown", "not stated"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                (
                    "country",
                    models.CharField(blank=True, max_length=2, verbose_name="notifying country"),
                ),
                ("audience", models.CharField(default="consumer", max_length=20)),
                ("units", models.CharField(blank=True, max_length=300)),
                ("online_trader", models.TextField(blank=True)),
                ("url", models.URLField(blank=True, max_length=1000)),
                ("published_on", models.DateField(null=True)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("raw", models.JSONField(blank=True, default=dict)),
                ("search_text", models.TextField(blank=True)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="sellers.product",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-published_on", "-id"], name="alert_newest"),
                    models.Index(fields=["source", "-published_on", "-id"], name="alert_source"),
                    models.Index(fields=["level", "-published_on", "-id"], name="alert_level"),
                    models.Index(fields=["version", "id"], name="alert_edition"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="alert_search", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        surveillance.searching.SearchPairs("search_text"), name="alert_search_pairs"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("native_id", ""), _negated=True),
                        fields=("source", "native_id"),
                        name="alert_native_id_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_on__isnull", False),
                            _connector="OR",
                        ),
                        name="a_published_alert_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductIdentifier",
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
                        choices=[
                            ("gtin", "GTIN"),
                            ("raw_code", "code without a valid check digit"),
                            ("model", "model"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=200)),
                ("raw", models.CharField(max_length=200)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identifiers",
                        to="sellers.product",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "value"], name="identifier_value")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "kind", "value"), name="identifier_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegimeAcceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted_at", models.DateTimeField()),
                (
                    "accepted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acceptances",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("platform", "regime"), name="a_rule_is_accepted_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["-last_seen_at", "-id"], name="listing_newest"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["platform", "-last_seen_at", "-id"], name="listing_platform"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["state", "-last_seen_at", "-id"], name="listing_state"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                ),
                name="listing_search_title",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("brand"), name="gin_trgm_ops"
                ),
                name="listing_search_brand",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("address_key"), name="gin_trgm_ops"
                ),
                name="listing_search_address_key",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                surveillance.searching.SearchPairs("title"), name="listing_title_pairs"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                surveillance.searching.SearchPairs("brand"), name="listing_brand_pairs"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(fields=["gtins"], name="listing_gtins"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                fields=("platform", "address_key"), name="listing_address_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "online"), ("gone_at__isnull", False), _connector="OR"
                ),
                name="a_listing_that_is_gone_says_since_when",
            ),
        ),
        migrations.CreateModel(
            name="SellerData",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("handle", models.CharField(max_length=150, verbose_name="account")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("address", models.TextField(blank=True, verbose_name="address")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "trade_register",
                    models.CharField(blank=True, max_length=200, verbose_name="trade register"),
                ),
                (
                    "register_number",
                    models.CharField(blank=True, max_length=100, verbose_name="number in it"),
                ),
                (
                    "self_certified",
                    models.BooleanField(null=True, verbose_name="certified its compliance"),
                ),
                (
                    "responsible_person",
                    models.TextField(blank=True, verbose_name="responsible person"),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seller_data",
                        to="sellers.platform",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("platform", "handle"), name="one_word_on_a_seller"
                    )
                ],
            },
        ),
    ]
