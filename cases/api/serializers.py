"""What the API shows and takes."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from rest_framework import serializers

from cases.api.statements import StatementSerializer
from cases.flows.items import Answer
from cases.flows.reports import Reporter, ReportFacts
from cases.models import Appeal, Case, Extension, Item, Report, TakedownRequest
from cases.states import ANSWERS, ITEM_ANSWERED
from sellers.api.fields import GtinField
from surveillance.web.api import FieldProblem
from surveillance.web.api_fields import ShownSerializer, StrictSerializer


class ReportSerializer(ShownSerializer[Report]):
    """A report as staff read it. Who reported is not part of the API."""

    case = serializers.CharField(source="case.reference", allow_null=True, default=None)
    duplicate_of = serializers.CharField(
        source="duplicate_of.reference", allow_null=True, default=None
    )

    class Meta:
        model = Report
        fields = [
            "reference",
            "state",
            "source",
            "received_at",
            "reported_on",
            "product_name",
            "brand",
            "model",
            "gtins",
            "category",
            "manufacturer",
            "retailer",
            "listing_url",
            "happened_on",
            "severity",
            "language",
            "case",
            "duplicate_of",
            "triaged_at",
            "changed_at",
        ]


class ReportDetailSerializer(ReportSerializer):
    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "incident"]


class ReporterSerializer(StrictSerializer):
    """Who told the sender. Personal: seen by inspectors only, and by nobody outside."""

    name = serializers.CharField(max_length=150, required=False, default="", allow_blank=True)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    may_contact = serializers.BooleanField(required=False, default=False)


class NewReportSerializer(StrictSerializer):
    """What a partner tells us of one unsafe product."""

    product_name = serializers.CharField(max_length=500)
    incident = serializers.CharField(max_length=20_000, help_text="what happened")
    brand = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    model = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    serial = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    gtins = serializers.ListField(child=GtinField(), required=False, default=list, max_length=20)
    category = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    manufacturer = serializers.CharField(
        max_length=300, required=False, default="", allow_blank=True
    )
    retailer = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    listing_url = serializers.URLField(
        max_length=1000, required=False, default="", allow_blank=True
    )
    happened_on = serializers.DateField(required=False, allow_null=True, default=None)
    severity = serializers.ChoiceField(
        choices=Report.Severity.choices, required=False, default=Report.Severity.UNKNOWN
    )
    on_behalf_of_consumer = serializers.BooleanField(
        required=False, default=False, help_text="a consumer told you; else it is your own finding"
    )
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, default="en", help_text="of the text"
    )
    reporter = ReporterSerializer(required=False)

    def facts(self, own_source: str) -> ReportFacts:
        """Only when valid. `own_source`: what the sender's own findings count as."""
        given = dict(self.validated_data)
        given.pop("reporter", None)
        forwarded = given.pop("on_behalf_of_consumer")
        return ReportFacts(source=Report.Source.CONSUMER if forwarded else own_source, **given)

    def reporter_told(self) -> Reporter:
        return Reporter(**self.validated_data.get("reporter", {}))


class ReceiptSerializer(serializers.Serializer[Any]):
    """`code` opens the report again at `follow_at`; it is shown once."""

    reference = serializers.CharField()
    received_at = serializers.DateTimeField()
    code = serializers.CharField()
    follow_at = serializers.URLField()


class CaseSerializer(ShownSerializer[Case]):
    """`due_at`: the earliest limit that runs in its takedown requests."""

    office = serializers.CharField(source="office.name")
    assignee = serializers.CharField(source="assignee.name", allow_null=True, default=None)

    class Meta:
        model = Case
        fields = [
            "reference",
            "title",
            "state",
            "risk_level",
            "office",
            "assignee",
            "is_restricted",
            "opened_at",
            "due_at",
            "closed_at",
            "outcome",
            "changed_at",
        ]


class References(serializers.ListField):
    """The public references of related rows."""

    child = serializers.CharField()

    def to_representation(self, data: Any) -> list[str]:
        return [row.reference for row in data.all()]


class CaseDetailSerializer(CaseSerializer):
    merged_into = serializers.CharField(
        source="merged_into.reference", allow_null=True, default=None
    )
    reports = References()
    products = References()
    listings = References()
    takedowns = References()

    class Meta(CaseSerializer.Meta):
        fields = [
            *CaseSerializer.Meta.fields,
            "merged_into",
            "reports",
            "products",
            "listings",
            "takedowns",
        ]


class AppealSerializer(ShownSerializer[Appeal]):
    """An appeal against the decision about one listing. `due_at`: the authority decides by then;
    `derivation`: how that was counted; `denied`: the answer that the decision rejected."""

    class Meta:
        model = Appeal
        fields = [
            "state",
            "denied",
            "against_at",
            "reason",
            "lodged_at",
            "due_at",
            "derivation",
            "decided_at",
            "decision",
        ]


class AppealRequestSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=5_000, help_text="why the decision is wrong")


class ItemSerializer(ShownSerializer[Item]):
    """One listing of a request, with its clock. `derivation`: each day counted or skipped, why.
    `appeal_until`: the decision that stands may be appealed before then."""

    takedown = serializers.CharField(source="takedown.reference")
    url = serializers.URLField(source="listing.url")
    title = serializers.CharField(source="listing.title")
    listing = serializers.CharField(source="listing.reference")
    statement = StatementSerializer(allow_null=True)
    appeals = AppealSerializer(many=True)
    is_sandbox = serializers.BooleanField(source="takedown.is_sandbox")

    class Meta:
        model = Item
        fields = [
            "takedown",
            "is_sandbox",
            "number",
            "listing",
            "url",
            "title",
            "state",
            "started_at",
            "due_at",
            "derivation",
            "answered_at",
            "corrected_at",
            "answer_id",
            "ground",
            "answer_text",
            "statement",
            "question",
            "information",
            "decision",
            "verified_at",
            "settled_at",
            "appeal_until",
            "appeals",
        ]


class TakedownSerializer(ShownSerializer[TakedownRequest]):
    platform = serializers.CharField(source="platform.slug")
    regime = serializers.CharField(source="regime.code")
    legal_basis = serializers.CharField(source="regime.legal_basis")

    class Meta:
        model = TakedownRequest
        fields = [
            "reference",
            "is_sandbox",
            "kind",
            "state",
            "platform",
            "regime",
            "legal_basis",
            "facts",
            "hazard",
            "territory",
            "action",
            "redress",
            "issued_at",
            "delivered_at",
            "acknowledged_at",
            "due_at",
            "closed_at",
        ]


class ExtensionSerializer(ShownSerializer[Extension]):
    """More time that was asked for, and what the authority decided."""

    class Meta:
        model = Extension
        fields = ["working_days", "reason", "state", "requested_at", "decided_at", "decision"]


class ExtensionRequestSerializer(StrictSerializer):
    working_days = serializers.IntegerField(min_value=1, max_value=60)
    reason = serializers.CharField(max_length=5_000)


class TakedownDetailSerializer(TakedownSerializer):
    items = ItemSerializer(many=True)
    extensions = ExtensionSerializer(many=True)

    class Meta(TakedownSerializer.Meta):
        fields = [*TakedownSerializer.Meta.fields, "items", "extensions"]


class ReplySerializer(StrictSerializer):
    """What every answer says. A refusal needs a ground and a text."""

    answer_id = serializers.CharField(
        max_length=120, help_text="your own: the same again with the same content changes nothing"
    )
    ground = serializers.ChoiceField(
        choices=Item.Ground.choices, required=False, default="", allow_blank=True
    )
    text = serializers.CharField(required=False, default="", allow_blank=True)
    statement = StatementSerializer(required=False)

    def reply(self, given: dict[str, Any]) -> Answer:
        """Of a valid row. Raises ValidationError for what the outcome asks for."""
        answer = Answer(
            given["outcome"],
            given["answer_id"],
            given["ground"],
            given["text"],
            given.get("statement"),
        )
        answer.check()
        return answer


class CorrectionSerializer(ReplySerializer):
    """What stands instead."""

    outcome = serializers.ChoiceField(choices=sorted(ITEM_ANSWERED))


class GivenAnswerSerializer(ShownSerializer[Item]):
    """The answer as it was given last, and the state that the item has come to since.
    `first_answered_at` and `answered_in_time` are those of the first answer, which no correction
    changes."""

    text = serializers.CharField(source="answer_text")
    statement = StatementSerializer(allow_null=True)

    class Meta:
        model = Item
        fields = [
            "state",
            "answer_id",
            "ground",
            "text",
            "statement",
            "answered_at",
            "corrected_at",
            "first_answered_at",
            "answered_in_time",
        ]


class AnswerSerializer(ReplySerializer):
    """An answer for one listing, named by its number in the request or by its address."""

    number = serializers.IntegerField(required=False, min_value=1)
    url = serializers.CharField(required=False, max_length=1000)
    outcome = serializers.ChoiceField(choices=sorted(ANSWERS))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("number" in attrs) == ("url" in attrs):
            raise serializers.ValidationError(
                {"number": gettext("Name the listing by number or by url, one of the two.")}
            )
        return attrs


class AnswerRowsSerializer(serializers.Serializer[Any]):
    """Answers for listings of one request."""

    answers = serializers.ListField(child=AnswerSerializer(), min_length=1, max_length=1000)


class AnswerBatchSerializer(StrictSerializer):
    """The same as it is read: its rows later, one by one, for each has a result of its own."""

    answers = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=1000, help_text="1 to 1,000 rows"
    )


class AnswerResultSerializer(serializers.Serializer[Any]):
    """What became of one row; `errors` only where it was refused."""

    row = serializers.IntegerField()
    status = serializers.IntegerField()
    number = serializers.IntegerField(required=False)
    state = serializers.CharField(required=False)
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]


class AnswerResultsSerializer(serializers.Serializer[Any]):
    results = AnswerResultSerializer(many=True)
