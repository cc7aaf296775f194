// The ground that an account may see: the service counts what lies in it, so nothing may be said, or divided by, beyond it.

import { session, type Schema } from "../../shared/asking.ts";
import type { Ground } from "./ground.ts";

type Held = Pick<Schema["RoleInfo"], "role" | "layer" | "area_code">;

/** The roles that have each right whose answers end where a role does; the rights' table of the service has the same. */
export const HOLDERS: Record<string, readonly string[]> = {
  "buildings.read": ["viewer", "officer", "dispatcher", "manager", "administrator"],
  "events.read": ["viewer", "officer", "dispatcher", "manager", "administrator"],
  "patrols.read": ["officer", "dispatcher", "manager", "administrator"],
};

/** Codes of areas that may be seen; null where all may. */
export type Territory = ReadonlySet<string> | null;

/** The areas of a layer that lie wholly where somebody holds a right; null where it is held everywhere, or ends nowhere. */
export function territoryOf(ground: Ground, right: string, roles: readonly Held[]): Territory {
  const holders = HOLDERS[right];
  const held = roles.filter(({ role }) => holders?.includes(role));
  if (!holders || !held.length || held.some(({ area_code: code }) => code === null)) return null;
  return new Set(held.flatMap(({ layer, area_code: code }) => [...ground.wholly(layer ?? "", code ?? "")]));
}

/** The same for whoever is signed in. */
export async function ownTerritory(ground: Ground, right: string): Promise<Territory> {
  const { roles } = await session();
  return territoryOf(ground, right, roles);
}
