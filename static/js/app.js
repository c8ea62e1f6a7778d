// What pages do better with script than without. Everything works without it; nothing is inline, nothing is evaluated.
// Listeners are on the document, because htmx replaces what is below. Words come from the page, as data-* of <body>.
"use strict";

const root = document.documentElement;
root.classList.add("js");

const WAIT = 200; // ms before a request is shown to be under way
const TOAST = 8000; // ms a toast stays
const YEAR = 365 * 24 * 3600; // s
const words = (name, otherwise) => document.body.dataset[name] ?? otherwise;
const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

/* ------------------------------------------------------------- toasts */

// For screen readers alone.
function announce(text) {
  const note = Object.assign(document.createElement("p"), { className: "sr-only", textContent: text });
  document.getElementById("toasts")?.append(note);
  setTimeout(() => note.remove(), 1500);
}

// What a request came to, a paragraph each; in place of what the one before came to.
function fail(paragraphs, retry) {
  document.querySelector("#toasts .toast[data-failure]")?.remove();
  const toast = Object.assign(document.createElement("div"), { className: "toast toast-danger" });
  Object.assign(toast.dataset, { stay: "", failure: "" });
  const said = document.createElement("div");
  said.append(...paragraphs.map((textContent) => Object.assign(document.createElement("p"), { textContent })));
  toast.append(said);
  const button = (label, action) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: label });
    made.addEventListener("click", () => (toast.remove(), action?.()));
    toast.append(made);
  };
  if (retry) button(words("retry", "Retry"), retry);
  button(words("dismissNotice", "Dismiss notice"));
  document.getElementById("toasts")?.append(toast);
}

// A toast goes by itself unless it has data-stay, a pointer on it, or the focus in it.
function dismissLater(toast) {
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), TOAST));
  const stop = () => clearTimeout(timer);
  for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, stop);
  for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, () => (stop(), start()));
  start();
}

function watchToasts(within) {
  for (const toast of within.querySelectorAll(".toast:not([data-stay], [data-timed])")) {
    toast.dataset.timed = "";
    dismissLater(toast);
  }
}

/* --------------------------------------------------------------- copy */

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughSelection(text);
  }
}

// Browsers offer `navigator.clipboard` only over HTTPS and on localhost; this registry may be on neither.
function copyThroughSelection(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "sr-only" });
  // Outside an open dialog nothing can be selected.
  (document.querySelector("dialog:modal") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

async function copyFrom(button) {
  const copied = await copy(button.dataset.copy);
  button.focus();
  if (!copied) return announce(words("notCopied", "Copying did not work; select the text instead"));
  button.dataset.copied = "";
  announce(words("copied", "Copied"));
  setTimeout(() => delete button.dataset.copied, 1500);
}

/* ------------------------------------------------------------- dialogs */

let openedFrom = null; // what gets the focus back
let menuOpener = null; // the button of the menu that was opened last
let behind = null; // the address of the page that a dialog was brought to

// A dialog is rendered open, for readers without script; with it, it is modal: the focus stays inside, Escape closes.
function makeModal(dialog) {
  if (dialog.matches(":modal")) return;
  dialog.close();
  dialog.showModal();
  (dialog.querySelector(".alert[tabindex]") ?? dialog.querySelector("[autofocus]"))?.focus();
}

// Away with it, and with its address: behind it is the page it was brought to, or else what its Close link leads to; where
// it says that it belongs to another page, that one is loaded.
function closeDialog(dialog) {
  const link = dialog.querySelector("a[data-close]")?.href;
  if (!behind && link && "elsewhere" in dialog.dataset) return location.assign(link);
  const page = behind ?? link;
  behind = null;
  dialog.close();
  dialog.remove();
  if (page) history.replaceState({ htmx: true }, "", page);
  if (openedFrom?.isConnected) openedFrom.focus();
  openedFrom = null;
}

// Escape is soon pressed by mistake; a text is not soon written again.
const isWrittenIn = (dialog) => [...dialog.querySelectorAll("textarea:not([readonly])")].some((area) => area.value !== area.defaultValue);

document.addEventListener("cancel", (event) => {
  if (!(event.target instanceof HTMLDialogElement)) return;
  event.preventDefault();
  if (isWrittenIn(event.target) && !confirm(words("discard", "Discard what you wrote?"))) return;
  closeDialog(event.target);
}, true);

// Back leads away from a dialog: it must not keep the page inert while that one loads.
addEventListener("popstate", () => document.querySelector("dialog:modal")?.close());

/* --------------------------------------------------------------- theme */

function cookie(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

// The form would do the same with a page load; the server keeps the choice, the cookie is for readers without account.
function setTheme(button) {
  const theme = button.dataset.themeSet;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  cookie("pierhead_theme", theme.replaceAll(" ", "+"));
  for (const other of button.form.querySelectorAll("[data-theme-set]")) other.toggleAttribute("aria-current", other === button);
  button.setAttribute("aria-current", "true");
  const body = new URLSearchParams(new FormData(button.form, button));
  fetch(button.form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  button.closest("[popover]")?.hidePopover();
}

/* ---------------------------------------------------------------- time */

// The server knows the zone only after the first page; until then (data-zone="browser") it wrote UTC.
function localTimes(within) {
  if (root.dataset.zone !== "browser") return;
  const format = new Intl.DateTimeFormat(root.lang || undefined, { dateStyle: "medium", timeStyle: "long" });
  for (const time of within.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    if ("exact" in time.dataset) time.textContent = format.format(at);
    else time.title = format.format(at);
  }
}

function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.split("; ").includes(`pierhead_zone=${zone}`)) cookie("pierhead_zone", zone);
}

/* ---------------------------------------------------- lists and choices */

// How many rows are selected, in the bar of actions and in the box that selects all.
function countSelected(list) {
  const boxes = [...list.querySelectorAll("tbody .c-select input[type=checkbox]")];
  const chosen = boxes.filter((box) => box.checked).length;
  for (const count of list.querySelectorAll("[data-count]")) count.textContent = count.dataset.count.replace("{n}", chosen);
  const all = list.querySelector("[data-select-all]");
  if (!all) return;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
}

document.addEventListener("change", (event) => {
  const list = closest(event, ".list");
  if (list && event.target.matches("[data-select-all]")) {
    // Its form filters the list; this is no filter.
    event.stopPropagation();
    for (const box of list.querySelectorAll("tbody .c-select input[type=checkbox]")) box.checked = event.target.checked;
  }
  if (list && event.target.matches("[data-select-all], .c-select input")) countSelected(list);
  if (event.target.matches("select[data-submit], input[data-submit]")) event.target.form?.requestSubmit();
}, true);

/* ------------------------------------------------------------- combobox */

// An input with data-instant="URL" offers what the server finds: URL?q=… answers a list of [role=option] for the element
// named by aria-controls. An option is a link to follow, or has data-value, and data-kind for the field "NAME_kind".
const popup = (input) => document.getElementById(input.getAttribute("aria-controls") ?? "search-results");
const optionsOf = (input) => [...(popup(input)?.querySelectorAll("[role=option]") ?? [])];
const asked = new WeakMap(); // input → { timer, abort }

function equip(within) {
  for (const input of within.querySelectorAll("input[data-instant]:not([role=combobox])")) {
    const list = popup(input);
    if (!list) continue;
    const say = { role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(say)) input.setAttribute(name, value);
  }
}

function closeList(input) {
  clearTimeout(asked.get(input)?.timer);
  asked.get(input)?.abort.abort();
  popup(input)?.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function ask(input) {
  const before = asked.get(input);
  clearTimeout(before?.timer);
  before?.abort.abort();
  const abort = new AbortController();
  asked.set(input, { abort, timer: setTimeout(() => offer(input, abort.signal), 150) });
}

async function offer(input, signal) {
  const query = input.value.trim();
  if (!query) return closeList(input);
  const url = new URL(input.dataset.instant, location.href);
  url.searchParams.set("q", query);
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
    const html = answer.ok && !answer.redirected ? await answer.text() : "";
    if (signal.aborted || !input.isConnected) return;
    popup(input).innerHTML = html;
    window.htmx?.process(popup(input));
    optionsOf(input).forEach((option, at) => (option.id ||= `${popup(input).id}-${at}`));
    input.setAttribute("aria-expanded", String(html.trim() !== ""));
    input.removeAttribute("aria-activedescendant");
  } catch {
    // Offline, or overtaken by the next letter: the form still works.
  }
}

function activate(input, option) {
  for (const other of optionsOf(input)) other.setAttribute("aria-selected", String(other === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function pick(input, option) {
  const link = option.matches("a") ? option : option.querySelector("a");
  if (link) {
    link.click();
    return closeList(input);
  }
  input.value = option.dataset.value ?? option.textContent.trim();
  const kind = input.form?.elements.namedItem(`${input.name}_kind`);
  if (kind && option.dataset.kind) kind.value = option.dataset.kind;
  closeList(input);
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function comboboxKey(input, event) {
  const options = optionsOf(input);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length > 0) {
    // Past the last one comes the text itself, then the first one.
    const next = (at + 1 + step + options.length + 1) % (options.length + 1);
    activate(input, next === 0 ? null : options[next - 1]);
  } else if (event.key === "Enter" && at >= 0) {
    pick(input, options[at]);
  } else if (event.key === "Escape" && options.length > 0) {
    closeList(input);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("input", (event) => event.target.matches?.("input[data-instant]") && ask(event.target));
document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (!input.matches?.("input[data-instant]")) return;
  if (!popup(input)?.contains(event.relatedTarget)) setTimeout(() => document.activeElement !== input && closeList(input), 150);
});
// A press on an option must not take the focus from the field.
document.addEventListener("pointerdown", (event) => closest(event, "[role=option]") && event.preventDefault());

/* ------------------------------------------------------ clicks and keys */

document.addEventListener("click", (event) => {
  const copied = closest(event, "[data-copy]");
  if (copied) copyFrom(copied);
  const opener = closest(event, "[popovertarget]");
  if (opener) menuOpener = opener;
  if (opener?.dataset.about) fillMenu(opener);
  const theme = closest(event, "[data-theme-set]");
  if (theme?.form) {
    event.preventDefault();
    setTheme(theme);
  }
  if (closest(event, "[data-dismiss]")) closest(event, ".toast")?.remove();
  const dialog = closest(event, "[data-close]")?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    event.stopPropagation();
    closeDialog(dialog);
  }
  const option = closest(event, "[role=option]");
  const input = option && [...document.querySelectorAll("input[data-instant]")].find((input) => popup(input)?.contains(option));
  if (input && !closest(event, "a")) pick(input, option);
}, true);

// One menu for all rows of a list: what its template has, with the name of the row behind each address.
function fillMenu(button) {
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  const items = document.getElementById(menu?.dataset.items)?.content.cloneNode(true);
  if (!items) return;
  for (const link of items.querySelectorAll("a")) link.setAttribute("href", link.getAttribute("href") + encodeURIComponent(button.dataset.about));
  menu.replaceChildren(items);
  htmx.process(menu);
}

// Up and down, first and last within an open menu.
function menuKey(menu, event) {
  const items = [...menu.querySelectorAll("a[href], button:not(:disabled)")];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined || items.length === 0) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("input[role=combobox]")) comboboxKey(event.target, event);
  const menu = closest(event, ".menu[popover]") ?? (closest(event, "[popovertarget]") && document.querySelector(".menu:popover-open"));
  if (menu) menuKey(menu, event);
  const isTyping = event.target.matches?.("input, textarea, select, [contenteditable]");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "/" && isPlain && !isTyping && !("noKeys" in root.dataset) && !document.querySelector("dialog:modal")) {
    const search = document.getElementById("q");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
}, true);

/* ----------------------------------------------------------------- htmx */

const waiting = new WeakMap(); // request → undo

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target?.id === "dialog" && !document.querySelector("dialog:modal")) openedFrom = document.activeElement?.closest(".menu[popover]") ? menuOpener : document.activeElement;
  const busy = [detail.target, detail.requestConfig.triggeringEvent?.submitter ?? (detail.elt.matches("button") ? detail.elt : null)];
  const set = () => busy.forEach((element) => element?.setAttribute("aria-busy", "true"));
  const timer = setTimeout(set, WAIT);
  waiting.set(detail.xhr, () => (clearTimeout(timer), busy.forEach((element) => element?.removeAttribute("aria-busy"))));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => waiting.get(detail.xhr)?.());

const offline = () => [words("offline", "The registry did not answer")];

// The same request once more, as long as what made it is there.
function again({ requestConfig: { elt, verb, path }, target }) {
  return elt.isConnected ? () => window.htmx.ajax(verb.toUpperCase(), path, { source: elt, target }) : null;
}

for (const type of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(type, ({ detail }) => fail(offline(), again(detail)));
}

// An error whose page lacks the part asked for would leave nothing in its place: what is there stays, a toast says why.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { status } = detail.xhr;
  const part = detail.requestConfig.elt.closest("[hx-select]")?.getAttribute("hx-select");
  if (status < 400 || status === 422 || !part) return;
  const answer = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  if (answer.querySelector(part)) return;
  detail.shouldSwap = false;
  const said = [...answer.querySelectorAll(".empty h1, .empty p:not(.badge)")].map((one) => one.textContent.replace(/\s+/g, " ").trim());
  const canPass = detail.requestConfig.verb === "get" && (status === 429 || status >= 500);
  fail(said.length > 0 ? said : offline(), canPass ? again(detail) : null);
});

// A link to a dialog brings the dialog alone; the page behind it stays as it is.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const slot = document.getElementById("dialog");
  const isAsked = slot && detail.xhr.status === 200 && detail.requestConfig.elt.matches?.("a[data-dialog]");
  if (isAsked && detail.serverResponse.includes("<dialog open")) {
    behind ??= location.href;
    Object.assign(detail, { target: slot, selectOverride: "#dialog", swapOverride: "outerHTML" });
  } else if (detail.shouldSwap && detail.target.id === "main") {
    behind = null;
  }
});

// Where the focus goes once something new is there: to its faults, to where the page says, or to the page itself.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const target = detail.target?.isConnected ? detail.target : document.getElementById(detail.target?.id);
  const modal = document.querySelector("dialog:modal");
  if (!target || (modal && !modal.contains(target))) return;
  const wanted = target.querySelector(".alert-danger[tabindex], [autofocus]") ?? (target.id === "main" ? target : null);
  if (wanted) wanted.focus({ preventScroll: wanted === target });
  else if (target.id === "dialog" && openedFrom?.isConnected) openedFrom.focus();
});

// Sideways only: the page stays where it is.
function showTab(tab) {
  const bar = tab.closest(".tab-list");
  if (bar) bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
}

function enhance(within) {
  for (const dialog of within.querySelectorAll("dialog[open]")) makeModal(dialog);
  for (const tab of within.querySelectorAll(".tabs [aria-current]")) showTab(tab);
  for (const list of within.querySelectorAll(".list")) countSelected(list);
  watchToasts(document);
  localTimes(within);
  equip(within);
}

// htmx says so for the first page as well; pages without htmx are made ready here.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  // The morph extension has the new element put into the old one where only its content is meant. The old one stays, for
  // readers of the screen say what is added to a region that they know.
  const region = elt.id && elt.parentElement?.id === elt.id ? elt.parentElement : null;
  if (region) elt.replaceWith(...elt.childNodes);
  enhance(region ?? elt.parentElement ?? elt);
});
tellZone();
enhance(document);
