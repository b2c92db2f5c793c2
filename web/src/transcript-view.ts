import type { Conversation, Entry } from './conversation.js';
import { el, setText } from './dom.js';

type Of<K extends Entry['kind']> = Entry & { kind: K };

/** Draws the conversation into a list, changing only the lines that changed. */
export class TranscriptView {
  readonly #list: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #lines = new Map<string, { entry: Entry; line: HTMLElement }>();
  #drawn: readonly Entry[] = [];

  constructor(list: HTMLElement, scroller: HTMLElement) {
    this.#list = list;
    this.#scroller = scroller;
    // Not every browser lets the keyboard reach what scrolls.
    scroller.tabIndex = 0;
  }

  draw({ entries }: Conversation): void {
    if (entries === this.#drawn) return;
    this.#drawn = entries;
    const atEnd = this.#isAtEnd();
    const kept = new Set(entries.map((entry) => entry.key));
    for (const [key, { line }] of this.#lines) {
      if (kept.has(key)) continue;
      line.remove();
      this.#lines.delete(key);
    }
    let next = this.#list.firstElementChild;
    for (const entry of entries) {
      const line = this.#line(entry);
      if (line === next) next = line.nextElementSibling;
      else this.#list.insertBefore(line, next);
    }
    // Whoever scrolled up to read is left there.
    if (atEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  #line(entry: Entry): HTMLElement {
    const known = this.#lines.get(entry.key);
    if (known?.entry === entry) return known.line;
    const line = known?.line ?? newLine(entry);
    fill(line, entry);
    this.#lines.set(entry.key, { entry, line });
    return line;
  }
}

function newLine(entry: Entry): HTMLElement {
  const line = el('li', `line ${entry.kind}`);
  line.dataset.testid = `line-${entry.kind}`;
  switch (entry.kind) {
    case 'user':
      line.append(el('span', 'who', 'You'), el('p', 'said'));
      break;
    case 'agent': {
      const said = el('p', 'said');
      said.append(el('span', 'heard'), el('span', 'gap'), el('span', 'rest'));
      line.append(el('span', 'who', 'Agent'), said, el('span', 'latency'));
      break;
    }
    case 'tool':
      line.append(el('span', 'who', 'Tool'), toolBody());
      break;
    case 'note':
      line.append(el('p', 'said'));
      break;
  }
  return line;
}

function toolBody(): HTMLElement {
  const body = el('div', 'call');
  const head = el('p', 'head');
  head.append(el('code', 'name'), el('span', 'phase'));
  body.append(head, el('dl', 'args'), el('pre', 'output'));
  return body;
}

function fill(line: HTMLElement, entry: Entry): void {
  switch (entry.kind) {
    case 'user':
      fillUser(line, entry);
      break;
    case 'agent':
      fillAgent(line, entry);
      break;
    case 'tool':
      fillTool(line, entry);
      break;
    case 'note':
      setText(part(line, '.said'), entry.text);
      break;
  }
}

function fillUser(line: HTMLElement, entry: Of<'user'>): void {
  line.dataset.final = String(entry.final);
  // A final text that is empty: something was heard, nothing understood.
  const nothing = entry.final ? '(not understood)' : '…';
  setText(part(line, '.said'), entry.text === '' ? nothing : entry.text);
  line.classList.toggle('faint', !entry.final || entry.text === '');
}

function fillAgent(line: HTMLElement, entry: Of<'agent'>): void {
  line.dataset.final = String(entry.final);
  line.dataset.interrupted = String(entry.interrupted);
  // Its place is kept while it has no words yet.
  line.hidden = entry.heard === '' && entry.rest === '';
  setText(part(line, '.heard'), entry.heard);
  // The space between them is not struck out.
  const rest = entry.rest.trimStart();
  setText(part(line, '.gap'), entry.rest.slice(0, entry.rest.length - rest.length));
  setText(part(line, '.rest'), rest);
  const latency = part(line, '.latency');
  if (entry.latencyMs === undefined) setText(latency, '');
  else {
    latency.dataset.ms = String(Math.round(entry.latencyMs));
    setText(latency, `answered after ${seconds(entry.latencyMs)}`);
  }
}

function fillTool(line: HTMLElement, entry: Of<'tool'>): void {
  line.dataset.phase = entry.phase;
  line.dataset.name = entry.name;
  setText(part(line, '.name'), entry.name);
  setText(part(line, '.phase'), { started: 'running', done: 'done', failed: 'failed' }[entry.phase]);
  part(line, '.args').replaceChildren(...argumentRows(entry.args));
  const output = part(line, '.output');
  output.hidden = entry.output === undefined;
  setText(output, pretty(entry.output ?? ''));
}

/** A JSON object as rows of name and value; anything else as it came. */
function argumentRows(args: string): HTMLElement[] {
  const value = json(args);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return args === '' ? [] : [el('dd', '', args)];
  }
  return Object.entries(value).flatMap(([name, one]) => [
    el('dt', '', name),
    el('dd', '', typeof one === 'string' ? one : JSON.stringify(one)),
  ]);
}

function pretty(text: string): string {
  const value = json(text);
  if (value === undefined) return text;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function part(line: HTMLElement, selector: string): HTMLElement {
  return line.querySelector<HTMLElement>(selector)!;
}
