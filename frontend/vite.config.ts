import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Relative addresses only, so that the pages also work below a path; nothing inlined, so that the policy holds.
export default defineConfig({
  base: "./",
  plugins: [svelte()],
  build: {
    outDir: "../src/heliobus/web/static",
    emptyOutDir: true,
    assetsDir: "app",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    license: { fileName: "licenses.md" },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8765", "/assets": "http://127.0.0.1:8765" } },
});
