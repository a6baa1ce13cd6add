import { defineConfig } from "vite";

// The maps of a what-if for the laboratory, beside the page: one module that asks for nothing.
export default defineConfig({
  build: {
    target: "es2022",
    outDir: "../src/khingan/report/client",
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: { entry: "src/whatif.ts", formats: ["es"], fileName: () => "maps.js" },
  },
});
