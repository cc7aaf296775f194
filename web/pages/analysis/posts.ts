// Lists of staff posts: who serves the areas.

import { service, told, type Schema } from "../../shared/asking.ts";
import { say } from "../../shared/words.ts";
import type { Listing } from "./answer.ts";
import type { Ground } from "./ground.ts";
import { scopeName } from "./telling.ts";

type Post = Schema["StaffPostInfo"];

/** The posts of an area, or of all that lie in one above; of all of them without a code. */
export function postsListing(ground: Ground, code: string, at: string | null): Listing<Post> {
  const inside = ground.within(code);
  const query = { ...(at ? { at } : {}), ...(ground.areas.has(code) ? { area: code } : {}) };
  return {
    title: `${scopeName(ground, code)} · ${say("posts")}`,
    keyOf: ({ id }) => String(id),
    load: async function* (signal) {
      const posts = await told(service.GET("/v1/layers/{layer}/staff", { params: { path: { layer: ground.layer.name }, query }, signal }));
      yield posts.filter((post) => inside.has(post.area_code));
    },
    columns: () => [
      { key: "area", title: say("area"), value: (post) => ground.areas.get(post.area_code)?.name ?? post.area_code },
      { key: "role", title: say("role"), value: ({ role, deputy_for: deputy }) => (deputy === null ? role : `${role} (${say("deputy")})`) },
      { key: "holder", title: say("holder"), value: ({ holder }) => holder },
      { key: "from", title: say("first"), value: ({ valid_from: from }) => from },
      { key: "to", title: say("last"), value: ({ valid_to: to }) => to },
      { key: "phone", title: say("phone"), value: ({ phone }) => phone },
    ],
  };
}
