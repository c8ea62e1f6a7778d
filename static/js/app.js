// Copy buttons: the value of `data-copy` goes to the clipboard. One listener on the document serves every button.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const copied = await copy(button.dataset.copy);
  button.focus();
  if (!copied) {
    announce("Copying did not work; select the text instead");
    return;
  }
  button.dataset.copied = "";
  announce("Copied");
  setTimeout(() => delete button.dataset.copied, 1500);
});

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
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

function announce(text) {
  const note = Object.assign(document.createElement("p"), { className: "sr-only", textContent: text });
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 1500);
}
