// The list beside the map: sorted by any column, searched by text; a row brings its feature into view. Rows are made
// as they come into sight, so that a list of ten thousand opens as fast as one of ten.
import { cell, figure, sorter } from "./cells.js";

const CHUNK = 100;

export class Table {
  constructor(element, layer, settings, { words, language, open }) {
    Object.assign(this, { element, layer, settings, words, language, open });
    this.columns = settings.columns.map((key) => layer.columns.get(key));
    this.sortKey = settings.sort.key;
    this.isDown = settings.sort.down;
    this.shown = () => true;
    this.body = element.tBodies[0];
    this.rows = new Map(); // feature → its row, once it was in sight
    this.chosen = -1;
    this.search = document.getElementById("search");
    this.search?.addEventListener("input", () => this.fill());
    for (const header of element.tHead.rows[0].cells) {
      header.firstElementChild.addEventListener("click", () => this.sortBy(header.dataset.key));
    }
    this.body.addEventListener("click", (event) => this.choose(this.featureOf(event)));
    this.body.addEventListener("keydown", (event) => this.press(event));
    this.before = document.getElementById("rows-before");
    this.before.firstElementChild.addEventListener("click", () => this.begin(0));
    this.rest = document.getElementById("more-rows");
    this.watcher = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.grow());
    this.fill();
  }

  /** List another layer with the same columns. */
  list(layer, shown) {
    Object.assign(this, { layer, shown, texts: null, chosen: -1 });
    this.columns = this.settings.columns.map((key) => layer.columns.get(key));
    this.rows.clear();
    this.fill();
  }

  row(i) {
    if (!this.rows.has(i)) this.rows.set(i, this.makeRow(i));
    return this.rows.get(i);
  }

  makeRow(i) {
    const row = document.createElement("tr");
    row.tabIndex = 0;
    row.dataset.feature = i;
    row.classList.toggle("chosen", i === this.chosen);
    for (const column of this.columns) {
      const data = row.insertCell();
      const isText = column.kind === "text" || column.kind === "code";
      const text = cell(column, i, false);
      if (column.kind === "text") data.appendChild(document.createElement("div")).textContent = text;
      else data.textContent = text;
      if (!isText) data.className = "figure";
      const under = this.settings.under[column.key];
      if (under) data.appendChild(document.createElement("small")).textContent = cell(this.layer.columns.get(under), i);
      const colours = this.settings.colours[column.key];
      if (!colours) continue;
      const dot = document.createElement("i");
      dot.style.background = colours[column.code(i)];
      data.prepend(dot);
      data.className = "marked";
    }
    return row;
  }

  featureOf(event) {
    const row = event.target.closest("tr");
    return row ? Number(row.dataset.feature) : -1;
  }

  press(event) {
    const row = event.target.closest("tr");
    if (!row) return;
    if (event.key === "Enter" || event.key === " ") this.choose(Number(row.dataset.feature));
    else if (event.key === "ArrowDown") row.nextElementSibling?.focus();
    else if (event.key === "ArrowUp") row.previousElementSibling?.focus();
    else return;
    event.preventDefault(); // the list scrolls with the focus
  }

  choose(i) {
    if (i < 0) return;
    const isAgain = i === this.chosen;
    this.mark(i);
    this.open(this.layer, i, isAgain);
  }

  mark(i) {
    this.rows.get(this.chosen)?.classList.remove("chosen");
    this.chosen = i;
    this.rows.get(i)?.classList.add("chosen");
  }

  /** Bring a feature's row into sight, as when its place on the map was clicked. */
  reveal(i) {
    const place = this.order.indexOf(i);
    if (place < 0) return;
    if (place < this.first || place >= this.made) this.begin(Math.max(0, place - 20));
    this.mark(i);
    this.row(i).scrollIntoView({ block: "nearest" });
  }

  sortBy(key) {
    const column = this.layer.columns.get(key);
    const isText = column.kind === "text" || column.kind === "code";
    this.isDown = key === this.sortKey ? !this.isDown : !isText; // figures begin with the largest
    this.sortKey = key;
    this.fill();
  }

  /** What a search looks in: all that the row says. */
  text(i) {
    this.texts ??= new Array(this.layer.count);
    const under = Object.values(this.settings.under).map((key) => this.layer.columns.get(key));
    this.texts[i] ??= [...this.columns, ...under].map((column) => cell(column, i, false)).join(" ").toLowerCase();
    return this.texts[i];
  }

  /** Show the rows that pass the filters and the search, in order. */
  fill() {
    const wanted = (this.search?.value ?? "").trim().toLowerCase();
    this.order = Array.from({ length: this.layer.count }, (_, i) => i)
      .filter((i) => this.shown(i) && (!wanted || this.text(i).includes(wanted)))
      .sort(sorter(this.layer.columns.get(this.sortKey), this.layer.count, this.isDown, this.language));
    this.begin(0);
    this.rest.parentElement.scrollTop = 0;
    for (const header of this.element.tHead.rows[0].cells) {
      const isSorted = header.dataset.key === this.sortKey;
      header.ariaSort = isSorted ? (this.isDown ? "descending" : "ascending") : "none";
    }
    const none = document.getElementById("no-rows");
    if (none) none.hidden = this.order.length > 0;
  }

  /** Make rows from a place in the order on; those before it stay away until they are asked for. */
  begin(place) {
    this.first = this.made = place;
    this.body.replaceChildren();
    this.before.hidden = place === 0;
    this.before.firstElementChild.textContent = `▲ ${figure(place)}`;
    this.grow();
  }

  grow() {
    const next = this.order.slice(this.made, this.made + CHUNK);
    this.body.append(...next.map((i) => this.row(i)));
    this.made += next.length;
    this.watch();
  }

  /** Ask to be told when the end of the made rows is in sight; asked anew, the answer comes though it is already. */
  watch() {
    this.watcher.disconnect();
    this.rest.hidden = this.made >= this.order.length;
    if (this.rest.hidden) return;
    const [shown, total] = [figure(this.made), figure(this.order.length)];
    this.rest.textContent = this.words["rows-shown"].replace("{shown}", shown).replace("{total}", total);
    this.watcher.observe(this.rest);
  }
}
