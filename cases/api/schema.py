"""The schema (OpenAPI 3.1) and its page of documentation, from our own static files.

Our own template for Swagger UI has no inline style or script, so the strict policy of every
other page holds here too.
"""

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


@extend_schema(exclude=True)
class Schema(SpectacularAPIView):
    guard = "public"


class Docs(SpectacularSwaggerSplitView):
    guard = "public"
    template_name = "api/docs.html"
