// Makes existing DOM equal to freshly built DOM by changing only what differs: selections, scroll positions and
// layout of everything else stay.

/** Brings the children of `parent` from index `from` on in line with `fresh`; `all`: there are no others behind them. */
export function reconcile(parent: Node, fresh: readonly Node[], from = 0, all = true): void {
  const children = parent.childNodes;
  fresh.forEach((wanted, index) => {
    const present = children[from + index];
    if (!present) parent.appendChild(wanted);
    else if (!merge(present, wanted)) parent.replaceChild(wanted, present);
  });
  while (all && children.length > from + fresh.length) parent.lastChild!.remove();
}

/** False if `present` cannot become `wanted`. */
function merge(present: Node, wanted: Node): boolean {
  if (present.nodeType !== wanted.nodeType || present.nodeName !== wanted.nodeName) return false;
  if (present instanceof Text && wanted instanceof Text) {
    if (wanted.data.startsWith(present.data)) present.appendData(wanted.data.slice(present.data.length));
    else present.data = wanted.data;
    return true;
  }
  if (present instanceof Element && wanted instanceof Element) {
    if (!sameAttributes(present, wanted)) return false;
    reconcile(present, [...wanted.childNodes]);
  }
  return true;
}

function sameAttributes(a: Element, b: Element): boolean {
  if (a.attributes.length !== b.attributes.length) return false;
  for (const { name, value } of a.attributes) if (b.getAttribute(name) !== value) return false;
  return true;
}
