"""Sandbox demands: a platform's own system asks for one to answer."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.serializers import TakedownSerializer
from cases.flows import sandbox
from sellers.models import Platform
from surveillance.accounts.rights import Right
from surveillance.calendars.models import Kind
from surveillance.web.api import ActorView
from surveillance.web.api_fields import StrictSerializer


class SandboxRequestSerializer(StrictSerializer):
    kind = serializers.ChoiceField(
        choices=Kind.choices,
        required=False,
        default="",
        help_text="an order where you get any, else a notice",
    )
    platform = serializers.SlugField(
        required=False, default="", help_text="for staff: a platform asks for itself"
    )


class Sandbox(ActorView):
    guard = Right.ASK_SANDBOX

    @extend_schema(
        operation_id="ask_sandbox",
        request=SandboxRequestSerializer,
        responses={201: TakedownSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask for a takedown request about made-up listings, to try your system out.

        It answers like a real one and counts nowhere. Five may be open at once (409).
        """
        given = SandboxRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        platform = self._platform(given.validated_data["platform"])
        asked = sandbox.ask(platform, by=self.actor, kind=given.validated_data["kind"])
        return Response(TakedownSerializer(asked).data, status=status.HTTP_201_CREATED)

    def _platform(self, slug: str) -> Platform:
        rows = Platform.objects.visible_to(self.actor)
        if not slug and not self.actor.is_platform:
            raise ValidationError({"platform": gettext("Name the platform.")})
        own = {"pk": self.actor.organisation_id}
        platform = rows.filter(**({"slug": slug} if slug else own)).first()
        if platform is None:
            raise ValidationError({"platform": gettext("There is no such platform.")})
        return platform
