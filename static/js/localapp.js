// Shows the token that the registry put behind the "#" of this page's address. It never reaches a server.
const answer = new URLSearchParams(location.hash.slice(1) || location.search);
const token = answer.get("access_token");
if (token) {
  const box = document.getElementById("token");
  box.querySelector("[data-token]").textContent = token;
  box.querySelector("[data-copy]").dataset.copy = token;
  box.hidden = false;
} else {
  document.getElementById(answer.has("error") ? "refused" : "no-token").hidden = false;
}
// Neither the history nor a reload keeps it.
history.replaceState(null, "", location.pathname);
