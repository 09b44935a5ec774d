import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "src/schema.d.ts", "src/client.ts"] },
  { files: ["**/*.{js,ts,tsx}"], extends: [tseslint.configs.strict] },
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-shadow": "error",
      "prefer-const": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/no-invalid-void-type": "off",
    },
  },
);
