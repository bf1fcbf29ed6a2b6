// A large bundle of real packages, minified, with its source map: node bench/stack_bundle.mjs <folder>
import { createRequire } from "node:module";
import { resolve } from "node:path";

const web = resolve(import.meta.dirname, "../web");
const { rolldown } = await import(createRequire(`${web}/package.json`).resolve("rolldown"));
const PACKAGES = ["echarts", "react-dom/client", "@mantine/core", "@mantine/hooks", "@tabler/icons-react"];

const bundle = await rolldown({
  logLevel: "silent",
  cwd: web,
  input: "entry",
  plugins: [
    {
      name: "entry",
      resolveId: (id) => (id === "entry" ? `${web}/src/stack-bundle-entry.js` : null),
      load: (id) =>
        id.endsWith("/stack-bundle-entry.js")
          ? PACKAGES.map((name, at) => `export * as p${at} from ${JSON.stringify(name)};`).join("\n")
          : null,
    },
  ],
});
await bundle.write({
  dir: resolve(process.argv[2]),
  entryFileNames: "bundle.js",
  sourcemap: true,
  minify: true,
  codeSplitting: false,
});
