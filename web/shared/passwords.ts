// New passwords: what one must be before it is sent (the service judges it again), and the words for that.

import type { Words } from "./words.ts";

/** Fewest characters of a new password. */
export const LEAST = 10;

/** What is wrong with a new password, and the field at fault; null where nothing is. */
export function wrongWithNew(
  old: HTMLInputElement,
  fresh: HTMLInputElement,
  again: HTMLInputElement,
): { kind: string; field: HTMLInputElement } | null {
  if (!fresh.value) return { kind: "missingNew", field: fresh };
  if ([...fresh.value].length < LEAST) return { kind: "short", field: fresh };
  if (fresh.value === old.value) return { kind: "same", field: fresh };
  if (!again.value) return { kind: "missingNew", field: again };
  return fresh.value === again.value ? null : { kind: "differ", field: again };
}

/** Let a box that is ticked show what stands in password fields. */
export function showWith(box: HTMLInputElement, fields: HTMLInputElement[]): void {
  box.addEventListener("change", () => {
    for (const field of fields) field.type = box.checked ? "text" : "password";
  });
}

export const passwordWords: Words = {
  zh: {
    newPassword: "新密码",
    again: "再输一次新密码",
    rule: "不少于 {least} 个字符；长一些的句子更好记，也更安全。",
    showPassword: "显示密码",
    missing: "请填写账号和密码",
    missingNew: "请填写两次新密码",
    differ: "两次输入的新密码不一致",
    short: "新密码太短",
    same: "新密码与原密码相同",
    "invalid-input": "新密码不符合要求",
    "invalid-inputDetail": "请勿用常见的密码、账号名或原密码。",
  },
  en: {
    newPassword: "New password",
    again: "New password once more",
    rule: "At least {least} characters; a longer phrase is easier to remember, and safer.",
    showPassword: "Show passwords",
    missing: "Give an account and a password",
    missingNew: "Give the new password twice",
    differ: "The new passwords differ",
    short: "The new password is too short",
    same: "The new password is the old one",
    "invalid-input": "The new password will not do",
    "invalid-inputDetail": "It must not be a usual password, the name of the account or the old password.",
  },
};
