// Making elements: text goes in as text, so that no name in the data can become markup.

/** Make an element: `make("li", { class: "note" }, "text", child)`; `onclick` and the like take functions. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Make a definition list of the pairs that have a value. */
export function facts(pairs, name = "facts") {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined);
  return make("dl", { class: name }, known.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)]));
}
