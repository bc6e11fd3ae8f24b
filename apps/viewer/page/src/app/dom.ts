import { ICON_PATHS, type IconName } from './icon-paths.js';

const SVG = 'http://www.w3.org/2000/svg';

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

/** Makes a small picture that stands for a word, for rows that are made by hand. */
export function picture(name: IconName, word: string, title: string): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICON_PATHS[name]);
  svg.append(path);
  const made = element('span', 'picture');
  made.append(svg);
  made.role = 'img';
  made.ariaLabel = word;
  made.title = title;
  return made;
}
