import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "dist-test"] },
  {
    files: ["src/**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-empty-function": "off", // interfaces ask for methods that have nothing to do
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }], // event handlers may be async
      "@typescript-eslint/prefer-nullish-coalescing": "off", // an empty string falls back too
      "@typescript-eslint/require-await": "off", // an interface's promise, kept by a method that need not wait
      "@typescript-eslint/unbound-method": "off", // the methods passed on are closures, without `this`
    },
  },
  {
    files: ["src/render/**"],
    rules: {
      // temml's and markdown-it's plugins' own types leave much open.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);
