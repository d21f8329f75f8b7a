// Looks every few seconds whether a quiz round has gone on. Without this script a button does the same.

const PAUSE = 3000; // milliseconds

const shown = document.querySelector("[data-poll]");
const answers = document.querySelector("[data-answers]");

async function look() {
  try {
    const told = await fetch(shown.dataset.poll, { cache: "no-store" });
    if (!told.ok) return;
    const { state, answers: words } = await told.json();
    if (answers && answers.textContent !== words) answers.textContent = words;
    if (state !== shown.dataset.state && shown.dataset.page) location.replace(location.pathname);
  } catch {
    // The network may come back; the next look tells.
  }
}

if (shown) setInterval(() => document.hidden || look(), PAUSE);
