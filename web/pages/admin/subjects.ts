// What administrators keep, subject by subject: the ways between their pages, each for whoever has the right to it.

import { make } from "../../shared/elements.ts";
import { may } from "../../shared/head.ts";
import { say, type Words } from "../../shared/words.ts";

export interface SubjectWay {
  name: string;
  href: string;
  /** One of these rights is enough. */
  rights: string[];
}

const way = (name: string, ...rights: string[]): SubjectWay => ({ name, href: `/admin/${name}`, rights });

export const SUBJECTS: SubjectWay[] = [
  { name: "overview", href: "/admin", rights: ["layers.write", "registers.propose", "risk.rate", "audit.read"] },
  way("layers", "layers.write"),
  way("register", "registers.propose", "registers.approve"),
  way("rules", "risk.rate"),
  way("policies", "registers.approve"),
  way("calendar", "registers.approve"),
  way("imports", "buildings.write", "events.write", "staff.write", "registers.propose", "plans.draft"),
  { name: "accounts", href: "/accounts", rights: ["accounts.manage"] },
  { name: "jobs", href: "/jobs", rights: ["self"] },
  way("audit", "audit.read"),
];

/** Subjects that managers keep too, whose role is held everywhere. */
export const MANAGED = ["register", "rules"];

/** Whether whoever is signed in may open a subject. */
export function mayOpen(subject: SubjectWay): boolean {
  return subject.rights.some(may);
}

/** The tabs that lead from one subject to another; `here` is the name of the one that is shown. */
export function tabs(here: string): HTMLElement {
  const ways = SUBJECTS.filter((subject) => subject.name === here || mayOpen(subject));
  return make(
    "nav",
    { class: "tabs subjects", "aria-label": say("subjects") },
    ways.map(({ name, href }) => make("a", { href, "aria-current": name === here ? "page" : null }, say(`subject_${name}`))),
  );
}

/** Put the tabs above a page that is no part of `/admin`, for those who have more to keep than that page. */
export function tabsAbove(here: string): void {
  const own = SUBJECTS.some((subject) => subject.name !== here && subject.name !== "jobs" && mayOpen(subject));
  document.querySelector("nav.subjects")?.remove();
  if (own) document.querySelector("main")?.before(tabs(here));
}

export const subjectWords: Words = {
  zh: {
    subjects: "管理事务",
    notYours: "当前账号不能打开“{subject}”",
    managersMay: "可打开的是：系统管理员，以及在全部范围任职的管理员。确需使用的，请系统管理员授予角色。",
    administratorsMay: "只有系统管理员可以打开。确需使用的，请系统管理员办理。",
    openInstead: "当前账号可以打开：",
    subject_overview: "总览",
    subject_layers: "网层",
    subject_register: "事项清单",
    subject_rules: "风险规则",
    subject_policies: "办理政策",
    subject_calendar: "工作日历",
    subject_imports: "数据导入",
    subject_accounts: "账号",
    subject_jobs: "任务",
    subject_audit: "审计",
  },
  en: {
    subjects: "What is kept",
    notYours: "This account may not open “{subject}”",
    managersMay: "Administrators may, and managers whose role is held everywhere. Whoever needs it asks an administrator for a role.",
    administratorsMay: "Only administrators may. Whoever needs it asks one of them.",
    openInstead: "Open to this account:",
    subject_overview: "Overview",
    subject_layers: "Layers",
    subject_register: "Register",
    subject_rules: "Risk rules",
    subject_policies: "Policies",
    subject_calendar: "Calendar",
    subject_imports: "Imports",
    subject_accounts: "Accounts",
    subject_jobs: "Jobs",
    subject_audit: "Audit",
  },
};
