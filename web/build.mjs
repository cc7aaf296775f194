// Builds web/dist from the page sources and the installed packages: `npm ci && npm run build`.
//
//   dist/leaflet/   Leaflet as published (BSD-2-Clause), with its licence
//   dist/maps/      map.js and map.css: the script and style that exported maps inline
//   dist/pages/     the pages that `gisgov serve` shows, copied as they are
import { build } from "esbuild";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const finished = join(web, "dist");
const dist = join(web, "node_modules", `.dist-${process.pid}`); // built aside, then put in place as a whole

async function copyLeaflet() {
  const source = join(web, "node_modules", "leaflet");
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  const { dependencies } = JSON.parse(await readFile(join(web, "package.json"), "utf8"));
  if (version !== dependencies.leaflet) {
    throw new Error(`leaflet ${version} is installed, package.json asks for ${dependencies.leaflet}: run npm ci`);
  }
  const target = join(dist, "leaflet");
  await mkdir(target, { recursive: true });
  for (const name of ["leaflet.js", "leaflet.css", "images"]) {
    await cp(join(source, "dist", name), join(target, name), { recursive: true });
  }
  await cp(join(source, "LICENSE"), join(target, "LICENSE"));
}

async function bundleMaps() {
  const common = { bundle: true, minify: true, charset: "utf8", legalComments: "none", logLevel: "warning" };
  await build({
    ...common,
    entryPoints: [join(web, "maps", "page.js")],
    outfile: join(dist, "maps", "map.js"),
    format: "iife",
    target: ["es2020"],
  });
  await build({
    ...common,
    entryPoints: [join(web, "maps", "map.css")],
    outfile: join(dist, "maps", "map.css"),
    target: ["chrome90", "firefox90", "safari15"],
  });
}

async function copyPages() {
  const pages = join(web, "pages");
  if (existsSync(pages)) await cp(pages, join(dist, "pages"), { recursive: true });
}

try {
  await mkdir(dist, { recursive: true });
  await Promise.all([copyLeaflet(), bundleMaps(), copyPages()]);
  await rm(finished, { recursive: true, force: true });
  await rename(dist, finished);
} finally {
  await rm(dist, { recursive: true, force: true });
}
