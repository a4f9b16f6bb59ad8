"""The page on which a second factor is set up: allauth's, and it counts for the running session."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpResponse

from surveillance.accounts import second_factor


class SetUp(ActivateTOTPView):
    http_method_names = ["get", "head", "post"]

    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever has set it up has typed a right code, and is not asked for another at once."""
        response: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        record_authentication(self.request, self.request.user, "mfa", id=app.pk, type=app.type)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = {"is_required": second_factor.is_required()}
        return super().get_context_data(**kwargs) | asked


set_up = SetUp.as_view()
set_up.guard = "signed_in"  # allauth asks for that; what it writes is beyond the wall
