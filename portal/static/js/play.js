// Spares the reload while playing: sends each form as it is, and shows the step that comes back. Without this script
// the same forms work page by page.

const main = document.querySelector("main");

async function follow(event) {
  const form = event.target.closest("form[data-play]");
  if (!form) return;
  event.preventDefault();
  if (main.getAttribute("aria-busy")) return;
  const fields = new FormData(form, event.submitter);
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const step = page.querySelector("[data-step]");
    if (!answer.ok || !step) throw new Error("no step came back");
    main.replaceChildren(...page.querySelector("main").childNodes);
    const shown = main.querySelector("[data-step]");
    shown.focus({ preventScroll: true });
    shown.scrollIntoView();
  } catch {
    // The browser sends it the plain way: whatever went wrong, its own page says so.
    const button = document.createElement("input");
    button.type = "hidden";
    button.name = event.submitter?.name ?? "";
    button.value = event.submitter?.value ?? "";
    if (button.name) form.append(button);
    form.submit();
  } finally {
    main.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", follow);
