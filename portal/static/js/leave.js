// Leaves the site at once: by the link, or by pressing Shift three times. The link works without this script.

const PATIENCE = 5000; // milliseconds between two presses
const link = document.querySelector("[data-exit]");
const status = document.querySelector("[data-exit-status]");
let presses = 0;
let alone = false; // Shift is down and nothing else was pressed with it
let timer = 0;

function leave() {
  const cover = document.createElement("p");
  cover.className = "cover";
  cover.setAttribute("role", "alert");
  cover.textContent = link.dataset.away;
  document.title = "…";
  document.body.replaceChildren(cover);
  location.replace(link.href);
}

function forget() {
  clearTimeout(timer);
  alone = false;
  if (presses) status.textContent = link.dataset.stay;
  presses = 0;
}

function count() {
  clearTimeout(timer);
  presses += 1;
  if (presses === 3) return leave();
  status.textContent = presses === 1 ? link.dataset.two : link.dataset.one;
  timer = setTimeout(forget, PATIENCE);
}

if (link && status) {
  document.querySelector("[data-exit-keys]")?.removeAttribute("hidden");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") forget();
    else if (!event.repeat) alone = true;
  });
  addEventListener("keyup", (event) => {
    if (event.key === "Shift" && alone) count();
    alone = false;
  });
  addEventListener("pointerdown", forget);
}

// A page that comes back out of the browser's memory is loaded anew, so that no answer and no cover comes back with it.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
