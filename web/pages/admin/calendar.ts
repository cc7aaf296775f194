// Working calendars, a year at a time; and bringing one in, looked at before it counts.

import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { announce } from "../../shared/announcing.ts";
import { service, told, type Schema } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import { number, say } from "../../shared/words.ts";
import { sendForm } from "./documents.ts";
import { Subject } from "./subject.ts";
import { monthsOf, WEEK, workingDays, type Month } from "./year.ts";

type Calendar = Schema["CalendarDetail"];

const place = new Place(["name", "year"]);

@customElement("admin-calendar")
export class Calendars extends Subject {
  @state() private calendars: Calendar[] = [];
  @state() private asked = place.read();
  @state() private tried: Calendar | null = null;
  #form: FormData | null = null;

  protected override async load(): Promise<void> {
    const listed = await told(service.GET("/v1/calendars"));
    this.calendars = await Promise.all(listed.map(({ name }) => told(service.GET("/v1/calendars/{calendar}", { params: { path: { calendar: name } } }))));
  }

  get #year(): number {
    return Number(this.asked.year) || new Date().getFullYear();
  }

  #ask(changes: Partial<Record<"name" | "year", string | number>>): void {
    place.write(changes);
    this.asked = place.read();
  }

  protected override body(): TemplateResult {
    const calendar = this.tried ?? this.calendars.find((one) => one.calendar.name === this.asked.name) ?? this.calendars[0];
    return html`
      <h2 class="unseen">${say("subject_calendar")}</h2>
      ${this.tried
        ? html`<div class="caution" role="status"><strong>${say("trial")}</strong>
            <span class="send"><button type="button" class="primary" @click=${() => this.#bringIn()}>${say("bringCalendar")}</button>
            <button type="button" @click=${() => (this.tried = null)}>${say("discard")}</button></span></div>`
        : none}
      ${calendar ? this.#shown(calendar) : html`<div class="nothing"><strong>${say("noCalendars")}</strong>${say("noCalendarsHint")}</div>`}
      ${this.#importing()}
    `;
  }

  #shown(calendar: Calendar): TemplateResult {
    const year = this.#year;
    const months = monthsOf(calendar, year);
    const { name, timezone, source, is_example: isExample } = calendar.calendar;
    return html`
      <div class="send">
        ${this.calendars.length > 1 && !this.tried
          ? html`<select aria-label=${say("calendarName")} @change=${(event: Event) => this.#ask({ name: (event.target as HTMLSelectElement).value })}>
              ${this.calendars.map((one) => html`<option value=${one.calendar.name} ?selected=${one === calendar}>${one.calendar.name}</option>`)}
            </select>`
          : html`<h3>${name}</h3>`}
        ${isExample ? html`<span class="badge warn">${say("example")}</span>` : none}
        <span class="joined" role="group" aria-label=${say("year")}>
          <button type="button" aria-label=${say("formerYear")} @click=${() => this.#ask({ year: year - 1 })}>‹</button>
          <span class="year" aria-live="polite">${year}</span>
          <button type="button" aria-label=${say("nextYear")} @click=${() => this.#ask({ year: year + 1 })}>›</button>
        </span>
        <span>${say("workingDaysOf", { year, count: number(workingDays(months)) })}</span>
        <ul class="legend row">${["working", "swapped", "holiday", "free"].map((kind) => html`<li><span class="swatch ${kind}"></span>${say(KINDS[kind] ?? kind)}</li>`)}</ul>
      </div>
      <p class="soft">${say("calendarFacts", { zone: timezone, source })}</p>
      <div class="months">${months.map((month) => this.#month(month, year))}</div>
      <div class="beside even">
        <section><h3>${say("weekHours")}</h3>
          <dl class="facts">${[...WEEK, "swapped"].map((day) => html`<dt>${say(`weekday_${day}`)}</dt><dd>${calendar.calendar.hours[day]?.join(say("listed")) || "–"}</dd>`)}</dl></section>
        <section><h3>${say("specialDays")}</h3>${this.#special(months, year)}</section>
      </div>
    `;
  }

  #month({ month, before, days }: Month, year: number): TemplateResult {
    const title = say("monthOf", { year, month });
    const weeks = Math.ceil((before + days.length) / 7);
    const places = [...Array.from({ length: before }, () => null), ...days];
    return html`<table class="month">
      <caption>${title}</caption>
      <thead><tr>${WEEK.map((day) => html`<th scope="col" abbr=${say(`weekday_${day}`)}>${say(`weekday_${day}`).replace("周", "").slice(0, 2)}</th>`)}</tr></thead>
      <tbody>
        ${Array.from({ length: weeks }, (_, week) => html`<tr>
          ${Array.from({ length: 7 }, (_, at) => {
            const day = places[week * 7 + at];
            if (!day) return html`<td></td>`;
            const told = [say(KINDS[day.kind] ?? day.kind), day.title].filter(Boolean).join(" · ");
            return html`<td class=${day.kind} title=${`${day.date} ${told}`}>${day.day}<span class="unseen"> ${told}</span></td>`;
          })}
        </tr>`)}
      </tbody>
    </table>`;
  }

  #special(months: Month[], year: number): TemplateResult {
    const days = months.flatMap((month) => month.days).filter(({ kind }) => kind === "holiday" || kind === "swapped");
    if (!days.length) return html`<p class="caution">${say("noSpecialDays", { year })}</p>`;
    return html`<div class="scrolls short" tabindex="0" role="group" aria-label=${say("specialDays")}><table class="plain">
      <thead><tr><th scope="col">${say("day")}</th><th scope="col">${say("dayKind")}</th><th scope="col">${say("dayTitle")}</th></tr></thead>
      <tbody>${days.map((day) => html`<tr><td>${day.date}</td><td>${say(KINDS[day.kind] ?? day.kind)}</td><td>${day.title ?? ""}</td></tr>`)}</tbody>
    </table></div>`;
  }

  #importing(): TemplateResult {
    return html`<section class="card" aria-labelledby="calendar-in">
      <h2 id="calendar-in">${say("importCalendar")}</h2>
      <p class="soft">${say("importCalendarHint")}</p>
      <form class="filters" @submit=${(event: Event) => this.#try(event)}>
        <label>${say("hoursFile")}<input type="file" name="hours" required accept=".yaml,.yml,.toml" /></label>
        <label>${say("daysFile")}<input type="file" name="days" accept=".csv,.txt,.xlsx,.parquet" /></label>
        <button type="submit" class="primary">${say("tryCalendar")}</button>
      </form>
    </section>`;
  }

  async #try(event: Event): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    if (!(form.get("days") as File).name) form.delete("days");
    this.#form = form;
    await this.attempt(async () => {
      const trial = new FormData();
      form.forEach((value, key) => trial.append(key, value));
      trial.set("dry_run", "true");
      this.tried = await sendForm<Calendar>("/v1/calendars", trial);
    });
  }

  async #bringIn(): Promise<void> {
    const form = this.#form;
    if (!form) return;
    await this.attempt(async () => {
      const { calendar } = await sendForm<Calendar>("/v1/calendars", form);
      this.tried = null;
      announce(say("calendarIn", { name: calendar.name }));
      this.#ask({ name: calendar.name });
      await this.load();
    });
  }
}

const KINDS: Record<string, string> = { working: "workingDays", free: "freeDays", holiday: "holidays", swapped: "swappedDays" };
