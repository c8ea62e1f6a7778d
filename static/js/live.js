// Lists that show by themselves what changed: one with a [data-live] in it is asked for again when there is news. Not under
// the hands of somebody who chooses rows or types a filter: then it is due as soon as they are done.
"use strict";

{
  const LATER = 200; // ms
  const MARKED = 3000; // ms a new row is marked, a little longer than it flashes
  const isInUse = (list) => list.querySelector("tbody .c-select input:checked, .filter input:focus") !== null;
  const isLive = (element) => element.matches?.("[data-live]") ?? false;
  const due = new WeakSet(); // [data-live]
  const rowsBefore = new WeakMap(); // request → what the list had
  const rowsOf = (list) => [...list.querySelectorAll("tbody > tr[id]")];
  const named = (row) => `${row.id} ${row.querySelector("[data-copy]")?.dataset.copy}`;

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt } = event.detail;
    if (!isLive(elt) || !isInUse(elt.closest(".list"))) return;
    event.preventDefault();
    due.add(elt);
  });

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { elt } = detail.requestConfig;
    if (!detail.shouldSwap) return;
    if (!isLive(elt)) {
      // What it may still be waiting for is about the list that goes now.
      for (const live of detail.target.querySelectorAll("[data-live]")) window.htmx.trigger(live, "htmx:abort");
    } else if (isInUse(detail.target)) {
      detail.shouldSwap = false;
      due.add(elt);
    } else {
      rowsBefore.set(detail.xhr, new Set(rowsOf(detail.target).map(named)));
    }
  });

  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const before = rowsBefore.get(detail.xhr);
    if (!before) return;
    for (const row of rowsOf(detail.target).filter((row) => !before.has(named(row)))) {
      row.classList.add("new-row");
      setTimeout(() => row.classList.remove("new-row"), MARKED);
    }
  });

  function catchUp() {
    for (const live of document.querySelectorAll("[data-live]")) {
      if (isInUse(live.closest(".list")) || !due.delete(live)) continue;
      window.htmx.trigger(live, "due");
    }
  }
  // Later, since leaving one field may lead to the next, and pressing a row must not move it.
  for (const type of ["change", "focusout"]) document.addEventListener(type, () => setTimeout(catchUp, LATER), true);

  // A row stays chosen and marked, and a field keeps what is typed in it, when the list is brought up to date around it.
  if (window.Idiomorph) {
    window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => {
      const isChosen = name === "checked" && element.matches(".c-select input");
      const isMarked = name === "class" && element.classList.contains("new-row");
      return !(isChosen || isMarked || (name === "value" && element === document.activeElement));
    };
  }
}
