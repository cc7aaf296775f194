// Addresses that lead from page to page: to the sign-in and back to where someone came from.

/** The sign-in page, which leads back here afterwards. */
export function signInAddress(): string {
  const here = location.pathname + location.search + location.hash;
  return here === "/" || location.pathname === "/sign-in" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next: here })}`;
}

/** Where to go after signing in: an address of this service as a whole, whatever was asked for. */
export function wayBack(next: string | null | undefined): string {
  const start = new URL("/", location.origin);
  if (!next?.startsWith("/")) return start.href;
  let there: URL;
  try {
    there = new URL(next, location.origin);
  } catch {
    return start.href;
  }
  // what reads like a path may lead elsewhere: `//elsewhere`, `/\elsewhere`
  const isOurs = there.origin === location.origin && there.pathname !== "/sign-in" && !there.pathname.startsWith("//");
  return isOurs ? there.href : start.href;
}
