/* What pages gain when JavaScript runs; nothing here is needed to get work done. */
"use strict";

const announcer = () => document.getElementById("announcer");

/** Says `text` to screen readers; a failure is also shown. */
function announce(text, failed = false) {
  const box = announcer();
  if (!box || !text) return;
  box.classList.toggle("announcer-shown", failed);
  box.textContent = "";
  window.setTimeout(() => { box.textContent = text; }, 50);
  if (failed) window.setTimeout(() => box.classList.remove("announcer-shown"), 8000);
}

/* --- Colours: the choice stands in a cookie, so that the server draws the page right at once --- */

function themeChosen() {
  return (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1] || "";
}

function showTheme() {
  const choice = themeChosen();
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

function chooseTheme(choice) {
  const age = choice ? 31536000 : 0;
  document.cookie = `theme=${choice}; path=/; max-age=${age}; samesite=lax`;
  showTheme();
}

/* --- Shortcuts: every element with data-shortcut; off switch in localStorage --- */

const shortcutsOn = () => localStorage.getItem("shortcuts") !== "off";
let keysBefore = "";

function shortcutLabel(element) {
  return (element.dataset.shortcutLabel || element.getAttribute("aria-label")
    || element.textContent).trim().replace(/\s+/g, " ");
}

function openShortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog || dialog.open) return;
  const list = dialog.querySelector("[data-shortcut-list]");
  list.querySelectorAll("[data-listed]").forEach((row) => row.remove());
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const row = document.createElement("div");
    const keys = document.createElement("dt");
    const words = document.createElement("dd");
    row.dataset.listed = "";
    for (const key of element.dataset.shortcut.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      keys.append(cap, " ");
    }
    words.textContent = shortcutLabel(element);
    row.append(keys, words);
    list.append(row);
  }
  dialog.querySelector("[data-shortcuts-on]").checked = shortcutsOn();
  dialog.showModal();
}

function press(keys) {
  const element = [...document.querySelectorAll("[data-shortcut]")]
    .find((candidate) => candidate.dataset.shortcut === keys && candidate.checkVisibility());
  if (!element) return false;
  if (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) {
    element.focus();
  } else {
    element.click();
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing) return;
  if (event.key === "?") {
    openShortcuts();
    event.preventDefault();
    return;
  }
  if (!shortcutsOn() || event.key.length !== 1) return;
  const sequence = keysBefore ? `${keysBefore} ${event.key}` : event.key;
  keysBefore = "";
  if (press(sequence) || press(event.key)) {
    event.preventDefault();
  } else if (document.querySelector(`[data-shortcut^="${CSS.escape(event.key)} "]`)) {
    keysBefore = event.key;
    window.setTimeout(() => { keysBefore = ""; }, 1000);
  }
});

/* --- Clicks --- */

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  announce(`${button.dataset.copied}: ${button.dataset.copy}`);
  button.classList.add("copied");
  window.setTimeout(() => button.classList.remove("copied"), 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("themeChoice" in button.dataset) chooseTheme(button.dataset.themeChoice);
  if ("copy" in button.dataset) copy(button);
  if ("print" in button.dataset) window.print();
  if ("opensShortcuts" in button.dataset) {
    button.closest("[popover]")?.hidePopover();
    openShortcuts();
  }
});

/* --- Choosing rows: <input data-select-all="item"> and the boxes named "item" of its form --- */

function rowBoxes(all) {
  const scope = all.form || all.closest("table") || document;
  const boxes = scope.elements || scope.querySelectorAll("input");
  return [...boxes].filter((box) => box.type === "checkbox" && box.name === all.dataset.selectAll);
}

function countSelected(all) {
  const boxes = rowBoxes(all);
  const chosen = boxes.filter((box) => box.checked).length;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  const scope = all.form || document;
  scope.querySelectorAll("[data-selected-count]").forEach((out) => { out.textContent = chosen; });
  scope.querySelectorAll("[data-needs-selection]").forEach((control) => {
    control.disabled = chosen === 0;
  });
  scope.querySelectorAll("[data-all-matching]").forEach((offer) => { offer.hidden = !all.checked; });
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-shortcuts-on]")) {
    localStorage.setItem("shortcuts", box.checked ? "on" : "off");
  } else if (box.matches("[data-select-all]")) {
    rowBoxes(box).forEach((row) => { row.checked = box.checked; });
    countSelected(box);
  } else if (box.type === "checkbox") {
    for (const all of document.querySelectorAll(`[data-select-all="${CSS.escape(box.name)}"]`)) {
      countSelected(all);
    }
  }
});

/* --- Forms: nothing is sent twice --- */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/* --- htmx: the focus stays where it was, and what changed is said --- */

let focusedBefore = null;

document.addEventListener("htmx:beforeSwap", () => {
  const element = document.activeElement;
  focusedBefore = element && element !== document.body
    ? { id: element.id, verb: element.dataset.verb, name: element.getAttribute("name") }
    : null;
});

function focusAfter(target) {
  if (!focusedBefore || (document.activeElement && document.activeElement !== document.body)) return;
  const { id, verb, name } = focusedBefore;
  const same = (id && document.getElementById(id))
    || (verb && target.querySelector(`[data-verb="${CSS.escape(verb)}"]`))
    || (name && target.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`));
  const place = same || target.querySelector("[data-focus], h1, h2, h3") || target;
  if (!same && place.tabIndex < 0) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: Boolean(same) });
}

document.addEventListener("htmx:afterSettle", (event) => {
  prepare(event.detail.elt);
  focusAfter(event.detail.elt);
  announce(event.detail.elt.querySelector?.("[data-announce]")?.dataset.announce);
});

document.addEventListener("announce", (event) => announce(event.detail.value));

document.addEventListener("htmx:responseError", (event) => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const reason = page.querySelector("[data-explanation]")?.textContent;
  announce(reason || announcer()?.dataset.failed, true);
});

document.addEventListener("htmx:sendError", () => announce(announcer()?.dataset.offline, true));

/* --- What only makes sense with JavaScript becomes visible --- */

function prepare(root) {
  root.querySelectorAll?.("[data-copy], [data-opens-shortcuts], .theme-switch, [data-print]")
    .forEach((element) => { element.hidden = false; });
  root.querySelectorAll?.("[data-shortcut]").forEach((element) => {
    element.setAttribute("aria-keyshortcuts", element.dataset.shortcut);
  });
  root.querySelectorAll?.("[data-select-all]").forEach(countSelected);
  if (!CSS.supports("field-sizing", "content")) {
    root.querySelectorAll?.("textarea").forEach((area) => {
      const grow = () => { area.rows = Math.max(area.rows, area.value.split("\n").length + 1); };
      area.addEventListener("input", grow);
      grow();
    });
  }
}

prepare(document);
showTheme();
