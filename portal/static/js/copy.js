// Shows the buttons that copy a text of the page, which would do nothing without a script.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // over plain http browsers have none; the text can be selected
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
}
