// Making elements: text goes in as text, so that no name in the data can become markup.

export type Child = Node | string | null | undefined;
type Attribute = string | number | boolean | null | undefined | ((event: any) => unknown);

/** Make an element: `make("li", { class: "note" }, "text", child)`; `onclick` and the like take functions. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Make a definition list of the pairs that have a value. */
export function facts(pairs: [string, Child][], name = "facts"): HTMLDListElement {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined);
  return make("dl", { class: name }, known.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)]));
}

/** The element of an id, which the page has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}
