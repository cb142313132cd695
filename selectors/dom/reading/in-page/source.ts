import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { changeCounter } from "./changes.ts";
import { controlReader } from "./controls.ts";
import { domTools } from "./dom.ts";
import { finder } from "./finder.ts";
import { layerFinder } from "./layers.ts";
import { listFinder } from "./lists.ts";
import { namer } from "./names.ts";
import { frameReader } from "./reader.ts";
import { walker } from "./walk.ts";

/**
 * The source of what runs in the page. Accessible names are computed by `dom-accessibility-api`; its modules are put in front as they
 * are. All else is made of the functions of this folder, whose own sources are self-contained.
 */

/** Where the page keeps what was installed in it. */
export const INSTALLED = "page-reading.installed";

const entry = createRequire(import.meta.url).resolve("dom-accessibility-api");

function library(): string {
  const folder = dirname(entry);
  const files = [folder, join(folder, "polyfills")].flatMap((one) =>
    readdirSync(one)
      .filter((name) => name.endsWith(".js"))
      .map((name) => join(one, name)),
  );
  const modules = files.map((file) => {
    const name = file.slice(folder.length + 1).replace(/\.js$/, "");
    return `${JSON.stringify(name)}: function (exports, require) {${readFileSync(file, "utf8")}\n}`;
  });
  return `(function () {
    const sources = {${modules.join(",\n")}};
    const loaded = {};
    const load = (name) => {
      if (loaded[name]) return loaded[name];
      loaded[name] = {};
      sources[name](loaded[name], (wanted) => load(wanted.replace(/^(\\.\\.?\\/)+/, name.startsWith("polyfills/") && wanted.startsWith("./") ? "polyfills/" : "").replace(/\\.js$/, "")));
      return loaded[name];
    };
    return load("index");
  })()`;
}

/** An expression: installs the reader in the page unless it is there already, and is the reader. */
export const READER = `(() => {
  const key = Symbol.for(${JSON.stringify(INSTALLED)});
  return (globalThis[key] ??= (() => {
    const names = ${library()};
    const make = () => {
      const dom = (${domTools.toString()})();
      const walk = (${walker.toString()})(dom);
      const layers = (${layerFinder.toString()})(dom);
      const lists = (${listFinder.toString()})(dom);
      const controls = (found, layerOf) => (${controlReader.toString()})(dom, layers,
        (${namer.toString()})(dom, (element) => names.computeAccessibleName(element), lists.columnOf(found), layerOf, walk.unseenChoiceIn));
      return { dom, reader: (${frameReader.toString()})(dom, walk, layers, lists, controls) };
    };
    return (${finder.toString()})(make, (${changeCounter.toString()})());
  })());
})()`;

/** A script for the beginning of each document: the reader is there when it is asked for, and costs nothing where nobody asks. */
export const AT_HAND = `(() => {
  const key = Symbol.for(${JSON.stringify(INSTALLED)});
  if (key in globalThis) return;
  Object.defineProperty(globalThis, key, {
    configurable: true,
    get() {
      Object.defineProperty(globalThis, key, { configurable: true, writable: true, value: undefined });
      return ${READER};
    },
  });
})()`;
