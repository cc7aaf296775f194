// Whether someone uses the keyboard: only then are the focus and the cross of the map shown.

addEventListener("keydown", (event) => {
  if (!event.metaKey && !event.ctrlKey && !event.altKey) document.body.classList.add("keys");
}, true);
addEventListener("pointerdown", () => document.body.classList.remove("keys"), true);
