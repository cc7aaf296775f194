// The words of the page of one's own account.

import { passwordWords } from "../../shared/passwords.ts";
import type { Words } from "../../shared/words.ts";

export const words: Words = {
  zh: {
    ...passwordWords.zh,
    title: "我的账号",
    subtitle: "角色、密码与登录",
    skip: "跳到内容",
    roles: "角色",
    role: "角色",
    where: "范围",
    noRoles: "还没有角色，请联系系统管理员。",
    kind_person: "人员账号",
    kind_client: "程序账号",
    kind_operator: "本机操作员",
    until: "本次登录有效至 {moment}",
    changePassword: "修改密码",
    oldPassword: "原密码",
    changed: "密码已修改。其他浏览器上的登录已失效。",
    "sign-in-refused": "原密码不正确",
    "sign-in-refusedDetail": "请核对后再试；多次输错会暂时锁定账号。",
  },
  en: {
    ...passwordWords.en,
    title: "My account",
    subtitle: "Roles, password and sign-in",
    skip: "Skip to content",
    roles: "Roles",
    role: "Role",
    where: "Where",
    noRoles: "No role yet: ask an administrator.",
    kind_person: "a person's account",
    kind_client: "a program's account",
    kind_operator: "operator of this machine",
    until: "Signed in until {moment}",
    changePassword: "Change password",
    oldPassword: "Old password",
    changed: "The password is changed. What was signed in on other browsers is so no more.",
    "sign-in-refused": "The old password is not right",
    "sign-in-refusedDetail": "Look it over and try again; too many wrong passwords lock the account for a while.",
  },
};
