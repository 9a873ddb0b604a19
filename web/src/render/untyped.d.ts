declare module "markdown-it-footnote" {
  export default function footnote(md: import("markdown-it").MarkdownIt): void;
}
