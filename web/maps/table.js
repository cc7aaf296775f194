// The list beside the map: sorted by any column, searched by text; a row brings its feature into view.
import { cell, sorter } from "./cells.js";

export class Table {
  constructor(element, layer, settings, { words, language, open }) {
    Object.assign(this, { element, layer, settings, words, language, open });
    this.columns = settings.columns.map((key) => layer.columns.get(key));
    this.sortKey = settings.sort.key;
    this.isDown = settings.sort.down;
    this.shown = () => true;
    this.body = element.tBodies[0];
    this.rows = this.makeRows();
    this.search = document.getElementById("search");
    this.search?.addEventListener("input", () => this.fill());
    for (const header of element.tHead.rows[0].cells) {
      header.firstElementChild.addEventListener("click", () => this.sortBy(header.dataset.key));
    }
    this.fill();
  }

  makeRows() {
    return Array.from({ length: this.layer.count }, (_, i) => {
      const row = document.createElement("tr");
      row.tabIndex = 0;
      for (const column of this.columns) {
        const data = row.insertCell();
        data.textContent = cell(column, i, false);
        if (column.kind !== "text" && column.kind !== "code") data.className = "figure";
        const below = this.settings.under[column.key];
        if (below) data.append(document.createElement("small"));
        if (below) data.lastChild.textContent = cell(this.layer.columns.get(below), i);
        const colours = this.settings.colours[column.key];
        if (colours) {
          const dot = document.createElement("i");
          dot.style.background = colours[column.code(i)];
          data.prepend(dot);
          data.className = "marked";
        }
      }
      const open = () => this.choose(row, i);
      row.addEventListener("click", open);
      row.addEventListener("keydown", (event) => event.key === "Enter" && open());
      return row;
    });
  }

  choose(row, i) {
    this.body.querySelector(".chosen")?.classList.remove("chosen");
    row.classList.add("chosen");
    this.open(this.layer, i);
  }

  sortBy(key) {
    const column = this.layer.columns.get(key);
    const isText = column.kind === "text" || column.kind === "code";
    this.isDown = key === this.sortKey ? !this.isDown : !isText; // figures begin with the largest
    this.sortKey = key;
    this.fill();
  }

  /** Show the rows that pass the filters and the search, in order. */
  fill() {
    const wanted = (this.search?.value ?? "").trim().toLowerCase();
    const order = Array.from({ length: this.layer.count }, (_, i) => i)
      .filter((i) => this.shown(i) && (!wanted || this.rows[i].textContent.toLowerCase().includes(wanted)))
      .sort(sorter(this.layer.columns.get(this.sortKey), this.isDown, this.language));
    this.body.replaceChildren(...order.map((i) => this.rows[i]));
    for (const header of this.element.tHead.rows[0].cells) {
      const isSorted = header.dataset.key === this.sortKey;
      header.ariaSort = isSorted ? (this.isDown ? "descending" : "ascending") : "none";
    }
    const none = document.getElementById("no-rows");
    if (none) none.hidden = order.length > 0;
  }
}
