// Everything works without this file; with it a sign-in link needs one press only, and a busy form cannot be sent twice.
"use strict";

const code = document.getElementById("code");
if (code && location.hash.length > 1) {
  code.value = location.hash.slice(1);
  // the secret stands neither in the address bar nor in the history any more
  history.replaceState(null, "", location.pathname);
  document.body.classList.add("has-link");
  document.querySelector("button.main").focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// coming back by the browser's arrow: forms can be sent again
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
