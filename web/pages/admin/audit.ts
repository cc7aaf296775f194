// The audit: who changed what in a period, the latest first, page by page; whether it is whole; and taking it along.

import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { answered, follow, nextPage, service, told, type Schema } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import { isSaid, moment, number, say } from "../../shared/words.ts";
import { Subject } from "./subject.ts";

type Entry = Schema["AuditEntry"];

const place = new Place(["from", "to", "account"]);

@customElement("admin-audit")
export class Audit extends Subject {
  @state() private entries: Entry[] = [];
  @state() private next: string | null = null;
  @state() private verified: Schema["AuditVerification"] | null = null;
  @state() private verifying = false;
  @state() private asked = place.read();
  @state() private accounts: string[] = [];

  protected override async load(): Promise<void> {
    const { from, to, account } = this.asked;
    const query = { ...(from ? { from } : {}), ...(to ? { to: dayAfter(to) } : {}), ...(account ? { account } : {}), limit: 100 };
    const [entries, response] = await answered(service.GET("/v1/audit", { params: { query } }));
    this.entries = entries;
    this.next = nextPage(response);
    if (!this.verified) void this.#verify();
    // for the suggestions alone: whoever may not list accounts types the name
    this.accounts = this.accounts.length ? this.accounts : await told(service.GET("/v1/accounts")).then((all) => all.map((one) => one.account), () => []);
  }

  protected override body(): TemplateResult {
    return html`
      <h2 class="unseen">${say("subject_audit")}</h2>
      ${this.#verification()}
      <form class="filters" @submit=${(event: Event) => event.preventDefault()}>
        ${this.#day("from", "auditFrom")}${this.#day("to", "auditTo")}
        <label>${say("account")}<input list="accounts-there" .value=${this.asked.account ?? ""} autocomplete="off" @change=${(event: Event) => this.#ask("account", event)} /></label>
        <datalist id="accounts-there">${this.accounts.map((name) => html`<option value=${name}></option>`)}</datalist>
        <a class="door" href=${this.#exportAddress()} download="audit.jsonl">${say("exportAudit")}</a>
      </form>
      ${this.entries.length ? this.#table() : html`<div class="nothing"><strong>${say("noEntries")}</strong>${say("noEntriesHint")}</div>`}
      ${this.next ? html`<div><button type="button" @click=${() => this.#more()}>${say("olderEntries")}</button></div>` : none}
    `;
  }

  #day(key: "from" | "to", word: string): TemplateResult {
    return html`<label>${say(word)}<input type="date" .value=${this.asked[key] ?? ""} @change=${(event: Event) => this.#ask(key, event)} /></label>`;
  }

  #ask(key: "from" | "to" | "account", event: Event): void {
    place.write({ [key]: (event.target as HTMLInputElement).value.trim() });
    this.asked = place.read();
    void this.again();
  }

  #exportAddress(): string {
    const query = new URLSearchParams();
    if (this.asked.from) query.set("from", this.asked.from);
    if (this.asked.to) query.set("to", dayAfter(this.asked.to));
    return `/v1/audit/export${query.size ? `?${query}` : ""}`;
  }

  #verification(): TemplateResult {
    const found = this.verified;
    return html`<div class=${found && !found.intact ? "alarm" : "note"} role="status">
      <span class="send">
        ${this.verifying || !found
          ? html`<span class="status busy">${say("verifying")}</span>`
          : html`<span class="status ${found.intact ? "good" : "bad"}"><b>${found.intact ? say("intact", { count: number(found.entries) }) : say("notIntact", { count: number(found.findings.length) })}</b></span>
              ${found.head ? html`<span class="soft">${say("auditHead", { position: number(found.head.position) })} <span class="code hash">${found.head.sha256}</span></span>` : none}`}
        <button type="button" class="small" ?disabled=${this.verifying} @click=${() => this.#verify()}>${say("verifyAgain")}</button>
      </span>
      ${found && !found.intact ? html`<ul class="lines">${found.findings.map((one) => html`<li>${one.position === null ? "" : `#${one.position} `}${say(`fault_${one.fault}`)}: ${one.what}${one.count > 1 ? ` (${number(one.count)})` : ""}</li>`)}</ul>` : none}
    </div>`;
  }

  async #verify(): Promise<void> {
    this.verifying = true;
    await this.attempt(async () => {
      this.verified = await told(service.GET("/v1/audit/verification"));
    });
    this.verifying = false;
  }

  async #more(): Promise<void> {
    const { next } = this;
    if (!next) return;
    await this.attempt(async () => {
      const [page, response] = await follow<Entry[]>(next);
      this.entries = [...this.entries, ...page];
      this.next = nextPage(response);
    });
  }

  #table(): TemplateResult {
    const heads = ["position", "when", "who", "verb", "whatOf", "rowsChanged", "errand", "more_"];
    return html`<div class="scrolls" tabindex="0" role="group" aria-label=${say("subject_audit")}><table class="plain entries">
      <caption class="unseen">${say("subject_audit")}</caption>
      <thead><tr>${heads.map((word) => html`<th scope="col">${say(word)}</th>`)}</tr></thead>
      <tbody>${this.entries.map((entry) => this.#row(entry))}</tbody>
    </table></div>`;
  }

  #row(entry: Entry): TemplateResult {
    const inside = { ...(entry.subject ? { subject: entry.subject } : {}), ...(entry.details ?? {}) };
    const hasMore = entry.changes.length > 0 || Object.keys(entry.details ?? {}).length > 0 || entry.together !== null;
    return html`<tr>
      <td class="figure">${number(entry.position)}</td>
      <td>${moment(entry.at ?? entry.committed_at)}</td>
      <td>${entry.account ?? "–"}<br /><span class="soft">${entry.origin ?? ""}</span></td>
      <td>${entry.verb ? (isSaid(`verb_${entry.verb}`) ? say(`verb_${entry.verb}`) : entry.verb) : "–"}</td>
      <td>${entry.table ? kindOf(entry.table) : subjectOf(entry.subject)}</td>
      <td class="figure">${entry.rows === null ? "" : number(entry.rows)}</td>
      <td class="code">${entry.operation || "–"}</td>
      <td>${hasMore
        ? html`<details><summary>${say("details")}</summary><pre class="entry-text" tabindex="0">${JSON.stringify({ ...inside, ...(entry.changes.length ? { changes: entry.changes } : {}), ...(entry.together ? { together: entry.together } : {}) }, null, 1)}</pre><p class="soft code hash">${entry.sha256}</p></details>`
        : none}</td>
    </tr>`;
  }
}

function kindOf(table: string): string {
  return isSaid(`table_${table}`) ? say(`table_${table}`) : table;
}

/** What an entry without a table is about: a kind and a name, such as `account wang`. */
function subjectOf(subject: string | null): string {
  const [kind = "", ...name] = (subject ?? "–").split(" ");
  return [kindOf(kind), ...name].join(" ");
}

/** The day after one: a period ends before the moment that the service is told. */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
