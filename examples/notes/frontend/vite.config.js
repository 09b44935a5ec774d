import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Set by `cargo manage runserver`, which starts this and hands the pages on: the port that it chose. */
const port = Number(process.env.QUINTET_FRONTEND_PORT) || undefined;

export default defineConfig({
  plugins: [react(), compressed(), endsWithRunserver()],
  build: {
    // No `data:` addresses in the page: the content security policy stays strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: port ?? 5173,
    strictPort: port !== undefined,
    // Pages come through the other server; the wire of hot reload leads here directly.
    hmr: port ? { host: "127.0.0.1", clientPort: port } : true,
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.*"],
  },
});

/** Writes FILE.br and FILE.gz beside each built file; the server sends the one that a browser takes. */
function compressed() {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir }) {
      for (const name of readdirSync(dir, { recursive: true })) {
        if (!/\.(js|css|html|svg|json|txt)$/.test(name)) continue;
        const file = path.join(dir, name);
        const bytes = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(bytes));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Under `cargo manage runserver` this ends when that does, however it ends: its end of the pipe is closed then. */
function endsWithRunserver() {
  return {
    name: "ends-with-runserver",
    configureServer() {
      if (port) process.stdin.resume().on("end", () => process.exit()).on("error", () => process.exit());
    },
  };
}
