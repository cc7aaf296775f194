// The signs of the tools, drawn in the line of the text around them.

import { svg, html, type TemplateResult } from "lit";

const SHAPES = {
  select: svg`<path d="M5 3l5 15 2.4-6.2L18.5 9.5z" />`,
  paint: svg`<path d="M14.5 3.5l4 4L11 15l-4-4z" /><path d="M7 11c-3 .6-2.5 3.7-4.5 5.500C5 18.5 9.5 18.5 11 15" />`,
  border: svg`<path d="M4 16c4 0 4-8 8-8s4 4 6 4" /><circle cx="12" cy="8" r="2.3" /><path d="M12 2v2.500M12 11.500V17M10 4l2-2 2 2M10 15l2 2 2-2" />`,
  split: svg`<rect x="3.5" y="4.5" width="15" height="13" rx="1" /><path d="M13.5 2l-5 18" stroke-dasharray="2.5 2" />`,
  merge: svg`<path d="M4 4.500h7v13H4zM11 4.500h7v13h-7z" /><path d="M7 11h8M9 9l-2 2 2 2M13 9l2 2-2 2" />`,
  lock: svg`<rect x="5" y="10" width="12" height="8.5" rx="1.5" /><path d="M7.5 10V7.500a3.5 3.5 0 017 0V10" />`,
  redivide: svg`<path d="M4 4h14v14H4z" /><path d="M4 11h6V4M10 11l3 7M10 11h8" />`,
  next: svg`<path d="M11 3.500l8 14H3z" /><path d="M11 8.500v4.500M11 15.200v.3" />`,
  undo: svg`<path d="M8 5L4 9l4 4" /><path d="M4 9h8.500a4.5 4.5 0 010 9H9" />`,
  redo: svg`<path d="M14 5l4 4-4 4" /><path d="M18 9H9.500a4.5 4.5 0 000 9H13" />`,
  compare: svg`<path d="M11 3v16" /><path d="M8.5 6H4v10h4.500M13.5 6H18v10h-4.5" stroke-dasharray="2.5 1.5" />`,
  keys: svg`<path d="M8.2 8.200a2.8 2.8 0 115 1.800c-.9.9-2.2 1.4-2.2 3" /><path d="M11 16.300v.3" />`,
};

export type Sign = keyof typeof SHAPES;

export function sign(name: Sign): TemplateResult {
  return html`<svg viewBox="0 0 22 22" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">${SHAPES[name]}</svg>`;
}
