// Which links a model may make: absolute web and mail addresses, nothing that could run or reach into this page.

const allowed = new Set(["https:", "http:", "mailto:"]);

/** The normalised address, or undefined if it must not become a link. */
export function safeUrl(href: string): string | undefined {
  try {
    const url = new URL(href.replaceAll("\\", "%5C"));
    return allowed.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
