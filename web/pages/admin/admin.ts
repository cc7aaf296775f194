// Administration.

import "../../shared/keys.ts";
import { openHead } from "../../shared/head.ts";
import { begin } from "../../shared/words.ts";
import { words } from "./words.ts";

begin(words);
void openHead();
