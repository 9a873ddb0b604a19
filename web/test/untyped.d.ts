interface SpecificationExample {
  markdown: string;
  html: string;
  section: string;
  number: number;
}

declare module "commonmark-spec" {
  export type Example = SpecificationExample;
  export const tests: Example[];
}

declare module "commonmark-spec-0.29" {
  export const tests: SpecificationExample[];
}
