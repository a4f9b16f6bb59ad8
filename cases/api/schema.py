"""The schema (OpenAPI 3.1) and its page of documentation, from our own static files."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularAPIView):
    guard = "public"


@method_decorator(
    # Swagger UI draws its icons as inline styles and data addresses; scripts stay as strict as
    # everywhere: they come from our own files.
    csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}),
    name="dispatch",
)
class Docs(SpectacularSwaggerSplitView):
    guard = "public"
