/* Draws the API's documentation with Swagger UI, in a layout of our own: its parts stand in our
   page's main region and under our headings. */
"use strict";

const place = document.getElementById("swagger-ui");

function followTheme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark-mode", dark);
}

const layout = ({ React }) => ({
  components: {
    Reference: ({ getComponent }) => {
      const part = (name) => React.createElement(getComponent(name, true));
      return React.createElement("div", { className: "swagger-ui" },
        React.createElement(getComponent("SvgAssets")),
        part("AuthorizeBtnContainer"),
        React.createElement("h2", { className: "visually-hidden" }, place.dataset.operations),
        part("operations"),
        part("Models"));
    },
  },
});

followTheme();
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", followTheme);
new MutationObserver(followTheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: false, // its links stand inside buttons, which screen readers cannot follow
  plugins: [layout],
  layout: "Reference",
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});
