import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

export default defineConfig({
  plugins: [viteSingleFile()],
  build: {
    target: "es2022",
    outDir: "../src/khingan/report/client",
    emptyOutDir: true,
    assetsInlineLimit: 10_000_000,
    reportCompressedSize: false,
  },
});
