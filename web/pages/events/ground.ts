// Whose ground the pointer is over, and what may be done with a place of the map that is pressed.

import { service, told, type Schema } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { metres, number, say } from "../../shared/words.ts";
import type { Cluster } from "./grid.ts";
import { latest } from "./latest.ts";
import { layerTitle, levelTitle, stateTitle, subjectOf } from "./register.ts";
import { named } from "./rows.ts";
import { dueText } from "./spans.ts";

type Resolution = Schema["Resolution"];

const GAP = 40; // milliseconds between questions while the pointer moves

const resolved = (lon: number, lat: number) => told(service.GET("/v1/resolve", { params: { query: { lon, lat } } }));

export class Ground {
  onFilter: (key: string) => void = () => {};
  onReport: ((lon: number, lat: number) => void) | null = null;
  #isOver = false;
  #pressed = 0;
  #hover = latest(
    ([lon, lat]: [number, number, string]) => resolved(lon, lat),
    (answer, [, , prefix]) => this.#tell(answer, prefix),
    GAP,
  );

  /** @param prefix what stands before the answer: where the place is, if not under the pointer */
  hover(lon: number, lat: number, prefix = ""): void {
    this.#isOver = true;
    this.#hover([lon, lat, prefix]);
  }

  leave(): void {
    this.#isOver = false;
    byId("over").hidden = byId("owner").hidden = true;
  }

  /** What the pointer is on: an event, or several. */
  over(cluster: Cluster | null): void {
    const line = byId("over");
    line.hidden = !cluster;
    if (!cluster) return;
    const [row] = cluster.rows;
    if (cluster.rows.length > 1) line.textContent = say("cluster", { count: number(cluster.rows.length), overdue: number(cluster.overdue) });
    else if (row) line.textContent = [subjectOf(row), levelTitle(row.level), stateTitle(row.state), dueText(row, Date.now())].filter(Boolean).join(" · ");
  }

  #tell(answer: Resolution | null, prefix: string): void {
    const line = byId("owner");
    line.hidden = !answer || !this.#isOver;
    if (!answer) return;
    const last = answer.chain.at(-1);
    const names = answer.chain.slice(answer.chain.length > 2 ? 1 : 0).map(({ name }) => name);
    line.textContent = prefix + (last ? `${names.join(" › ")} · ${say("toBorder", { distance: metres(last.border_m) })}${last.on_border ? ` · ${say("onBorder")}` : ""}` : say("outside"));
  }

  /** Somebody pressed the map beside all events: tell of the place, and offer what may be done there. */
  async ask(lon: number, lat: number): Promise<void> {
    const box = byId("ground");
    const pressed = ++this.#pressed;
    const close = make("button", { type: "button", class: "close", "aria-label": say("close"), onclick: () => (box.hidden = true) }, "×");
    const answer = await resolved(lon, lat).catch(() => null);
    if (pressed !== this.#pressed) return;
    const areas = (answer?.chain ?? []).map(({ layer, code, name }) =>
      make(
        "li",
        {},
        make("span", { class: "soft" }, layerTitle(layer)),
        ` ${name} `,
        make("button", { type: "button", class: "small", "aria-label": say("onlyArea", { area: name }), onclick: () => this.onFilter(named(layer, code, name)) }, say("only")),
      ),
    );
    const report = this.onReport;
    box.replaceChildren(
      close,
      make("strong", {}, say("thisPlace")),
      areas.length ? make("ul", { class: "chain" }, areas) : make("p", {}, say("outside")),
      ...(report
        ? [
            make(
              "button",
              {
                type: "button",
                class: "primary small",
                onclick: () => {
                  box.hidden = true;
                  report(lon, lat);
                },
              },
              say("newHere"),
            ),
          ]
        : []),
    );
    box.hidden = false;
  }
}
