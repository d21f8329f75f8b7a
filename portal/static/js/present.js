// Turns slides by keyboard or clicker. Without this script the links on each slide do the same.

const slides = [...document.querySelectorAll("[data-slide]")];
const [onward, backward] =
  document.documentElement.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
const steps = { [onward]: 1, [backward]: -1, PageDown: 1, PageUp: -1 };

function shown() {
  return slides.filter((slide) => slide.getBoundingClientRect().top < innerHeight / 2).length - 1;
}

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("button, summary")) return;
  const step = event.key === " " ? (event.shiftKey ? -1 : 1) : steps[event.key];
  const next = step && slides[shown() + step];
  if (!next) return;
  event.preventDefault();
  location.replace(`#${next.id}`);
});
