// What gisgov is made of: its version, and the licences of what its pages carry.

import "../../shared/keys.ts";
import "../../shared/table.ts";
import { html, render } from "lit";
import { serviceInfo } from "../../shared/asking.ts";
import { byId } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import type { Column } from "../../shared/table.ts";
import { words } from "./words.ts";

interface Carried {
  name: string;
  version: string;
  identifier: string;
  text: string;
}

async function open(): Promise<void> {
  begin(words);
  void openHead();
  try {
    const [{ version }, carried] = await Promise.all([serviceInfo(), licences()]);
    onLanguage(() => show(version, carried));
  } catch (error) {
    byId("content").replaceChildren(problem(error));
  }
  ready();
}

async function licences(): Promise<Carried[]> {
  return (await fetch("/static/licences.json")).json() as Promise<Carried[]>;
}

function show(version: string, carried: Carried[]): void {
  const columns: Column<Carried>[] = [
    { key: "name", title: say("package"), value: ({ name }) => name },
    { key: "version", title: say("version"), value: ({ version }) => version },
    { key: "licence", title: say("licence"), value: ({ identifier }) => identifier },
    {
      key: "text",
      title: say("text"),
      value: ({ text }) => text,
      text: ({ text }) => html`<details><summary>${say("read")}</summary><pre>${text}</pre></details>`,
    },
  ];
  render(
    html`
      <p>${say("what", { version })}</p>
      <p>${say("own")}</p>
      <h2>${say("carried")}</h2>
      <g-table .columns=${columns} .rows=${carried} .keyOf=${({ name }: Carried) => name} caption=${say("carried")} sortedBy="name"></g-table>
    `,
    byId("content"),
  );
}

void open();
