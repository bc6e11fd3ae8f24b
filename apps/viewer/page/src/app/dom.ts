/** Makes an element with a class; its texts are text nodes, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/** Sets a text only if it differs, so that nothing is laid out again for nothing. */
export function setText(node: Text, text: string): void {
  if (node.data !== text) node.data = text;
}
