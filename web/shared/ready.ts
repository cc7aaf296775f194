// The moment at which a page shows what people came for: measured, and waited for by whoever watches the page.

/** Say so, when the first useful content stands: once, whatever comes later. */
export function ready(): void {
  const root = document.documentElement;
  if (root.dataset.ready) return;
  // once it is on the screen, not when it was asked to be
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (root.dataset.ready) return;
      performance.mark("gisgov:ready");
      root.dataset.ready = "1";
    }),
  );
}
