// Builds maps/static from the page sources and the installed packages: `npm ci && npm run build`.
// `npm run build planner events` builds these pages alone, and puts them beside what is there.
//
//   static/leaflet/        Leaflet as published (BSD-2-Clause), with its licence: exported maps inline it
//   static/maps/           map.js and map.css: the script and style that exported maps inline
//   static/pages/          the pages that `gisgov serve` shows
//   static/assets/         what they load, by its hash, and compressed beside it
//   static/licences.json   the licences of the packages that the pages carry, for the page about gisgov
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { build } from "vite";
import { framed } from "./frame.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const finished = join(web, "..", "maps", "static");
const made = join(web, "node_modules", `.static-${process.pid}`); // built aside, then put in place as a whole

// What offices still have; what is newer is written in older words.
const BROWSERS = ["chrome90", "edge90", "firefox90", "safari15"];

// Few files, each kept by the browser from page to page: what all pages share, and the maps' code, which some need.
// A group takes along what its modules stand on, so the one that stands on less comes first.
const CHUNKS = [
  { name: "shared", priority: 2, minShareCount: 2, test: /node_modules\/(lit|lit-html|lit-element|@lit|openapi-fetch)\/|shared\/(?!map\/)/ },
  { name: "map", priority: 1, minShareCount: 2, test: /node_modules\/|shared\/map\// },
];

const common = { root: web, configFile: false, logLevel: "warn", publicDir: false };

async function copyLeaflet() {
  const source = join(web, "node_modules", "leaflet");
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  const { dependencies } = JSON.parse(await readFile(join(web, "package.json"), "utf8"));
  if (version !== dependencies.leaflet) {
    throw new Error(`leaflet ${version} is installed, package.json asks for ${dependencies.leaflet}: run npm ci`);
  }
  const target = join(made, "leaflet");
  await mkdir(target, { recursive: true });
  for (const name of ["leaflet.js", "leaflet.css", "images"]) {
    await cp(join(source, "dist", name), join(target, name), { recursive: true });
  }
  await cp(join(source, "LICENSE"), join(target, "LICENSE"));
}

/** Put what is sent compressed beside each script and style, so that the service need not do it again and again. */
async function compress(target) {
  const folder = join(target, "assets");
  for (const name of (await readdir(folder)).filter((one) => /\.(js|css)$/.test(one))) {
    const packed = await promisify(gzip)(await readFile(join(folder, name)), { level: 9 });
    await writeFile(join(folder, `${name}.gz`), packed);
  }
}

/** Add Leaflet to the licences: exported maps carry it, though no page does. */
async function listLeaflet() {
  const list = join(made, "licences.json");
  const text = await readFile(join(made, "leaflet", "LICENSE"), "utf8");
  const { version, license: identifier } = JSON.parse(await readFile(join(web, "node_modules", "leaflet", "package.json"), "utf8"));
  const carried = [...JSON.parse(await readFile(list, "utf8")), { name: "leaflet", version, identifier, text }];
  await writeFile(list, JSON.stringify(carried));
}

async function buildMaps() {
  await build({
    ...common,
    build: {
      outDir: join(made, "maps"),
      emptyOutDir: true,
      target: BROWSERS,
      lib: { entry: join(web, "maps", "page.js"), name: "gisgovMap", formats: ["iife"], fileName: () => "map.js", cssFileName: "map" },
    },
  });
}

async function buildPages(pages, target) {
  await build({
    ...common,
    base: "/static/",
    publicDir: join(web, "public"),
    plugins: [framed()],
    build: {
      outDir: target,
      emptyOutDir: false,
      target: BROWSERS,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0, // an image that is inlined would be needed in every policy
      chunkSizeWarningLimit: 1000,
      license: target === made && { fileName: "licences.json" }, // of all pages, or not at all
      rolldownOptions: {
        input: pages.map((name) => join(web, "pages", name)),
        output: { codeSplitting: { groups: CHUNKS } },
      },
    },
  });
  await compress(target);
}

async function buildAll() {
  try {
    await mkdir(made, { recursive: true });
    await copyLeaflet();
    await buildMaps();
    await buildPages((await readdir(join(web, "pages"))).filter((name) => name.endsWith(".html")), made);
    await listLeaflet();
    await rm(finished, { recursive: true, force: true });
    await rename(made, finished);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
await (asked.length ? buildPages(asked.map((name) => `${name}.html`), finished) : buildAll());
