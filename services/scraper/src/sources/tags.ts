import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { tooCostly } from '../errors.ts';
import { isVoid, startEnds, withinReach } from './nesting.ts';

/** Attributes by their names in lower case. */
export type Attributes = Readonly<Record<string, string>>;

/** What is told of a page, in its order. Every element that is opened is closed. */
export interface TagHandler {
  open(name: string, attributes: Attributes): void;
  close(): void;
  text(text: string): void;
}

const MAX_ELEMENTS = 200_000;
/** As deep as browsers go. */
const MAX_DEPTH = 512;

/**
 * Walks through a page once. No tree is made of it, and nothing is opened that is not written there: formatting that is
 * open where a paragraph ends is not opened again in the next one, which makes a million elements of a short page.
 *
 * @param attributes those that are told
 * @throws RejectedSourceError TOO_COSTLY
 */
export function readTags(html: string, attributes: ReadonlySet<string>, handler: TagHandler): void {
  const reader = new TagReader(html, attributes, handler);
  const tokenizer = new Tokenizer({}, reader);
  tokenizer.write(html);
  tokenizer.end();
}

class TagReader implements TokenizerCallbacks {
  readonly #html: string;
  readonly #known: ReadonlySet<string>;
  readonly #handler: TagHandler;
  /** Names of the open elements, outermost first. */
  readonly #open: string[] = [];
  #elements = 0;
  /** Drawings and formulas that are open; in them a tag may close itself. */
  #foreign = 0;
  #name = '';
  #attributes: Record<string, string> = {};
  #attribute = '';
  #value = '';

  constructor(html: string, known: ReadonlySet<string>, handler: TagHandler) {
    this.#html = html;
    this.#known = known;
    this.#handler = handler;
  }

  onopentagname(start: number, end: number): void {
    this.#name = this.#html.slice(start, end).toLowerCase();
    this.#attributes = {};
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#html.slice(start, end).toLowerCase();
  }

  onattribdata(start: number, end: number): void {
    this.#value += this.#html.slice(start, end);
  }

  onattribentity(codePoint: number): void {
    this.#value += String.fromCodePoint(codePoint);
  }

  onattribend(): void {
    if (this.#known.has(this.#attribute)) this.#attributes[this.#attribute] ??= this.#value;
    this.#value = '';
  }

  onopentagend(): void {
    this.#begin(isVoid(this.#name));
  }

  onselfclosingtag(): void {
    this.#begin(isVoid(this.#name) || this.#foreign > 0);
  }

  onclosetag(start: number, end: number): void {
    const name = this.#html.slice(start, end).toLowerCase();
    const at = withinReach(this.#open, name);
    // One that ends nothing costs as much as an element.
    if (at === -1) this.#count();
    else this.#closeFrom(at);
  }

  ontext(start: number, end: number): void {
    this.#handler.text(this.#html.slice(start, end));
  }

  ontextentity(codePoint: number): void {
    this.#handler.text(String.fromCodePoint(codePoint));
  }

  onend(): void {
    this.#closeFrom(0);
  }

  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}

  #begin(isEmpty: boolean): void {
    const name = this.#name;
    for (let at = startEnds(this.#open, name); at !== -1; at = startEnds(this.#open, name)) {
      this.#closeFrom(at);
    }
    this.#count();
    this.#handler.open(name, this.#attributes);
    if (isEmpty) {
      this.#handler.close();
      return;
    }
    this.#open.push(name);
    if (isForeign(name)) this.#foreign += 1;
    if (this.#open.length > MAX_DEPTH) {
      throw tooCostly(`Elements of the page lie more than ${MAX_DEPTH} deep in each other.`);
    }
  }

  #count(): void {
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) {
      throw tooCostly(`The page has more than ${MAX_ELEMENTS} elements.`);
    }
  }

  /** Closes the open elements from an index on, innermost first. */
  #closeFrom(at: number): void {
    while (this.#open.length > at) {
      if (isForeign(this.#open.pop() ?? '')) this.#foreign -= 1;
      this.#handler.close();
    }
  }
}

function isForeign(name: string): boolean {
  return name === 'svg' || name === 'math';
}
