// Analysis: a page for each question of a manager, and the overview of them.

import "../../shared/keys.ts";
import "./page.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { begin } from "../../shared/words.ts";
import { stages } from "../../shared/progress.ts";
import { figureWords } from "./figure-words.ts";
import { listWords } from "./list-words.ts";
import { words } from "./words.ts";

begin(stages, figureWords, listWords, words);
// what somebody may see is known before anything is asked
await openHead();
byId("content").append(make("g-analysis" as "div"));
