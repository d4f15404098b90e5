import type { Chance } from './chance.ts';
import { anyQuery, Endpoint } from './endpoint.ts';
import { PathNode } from './path-node.ts';
import { copyOf } from './sample.ts';
import { secretMark } from './secret.ts';
import { afterId, endingOf, isSlug, isWord } from './segment.ts';
import type { Target } from './target.ts';

export interface PathTreeSettings {
  /** So many different parts below one another are values, not names. */
  readonly distinct: number;
  /** How many values of an endpoint are kept. */
  readonly values: number;
  readonly chance: Chance;
}

/** A part of a template: a word, or a place for a value with what follows it. */
export type Piece = { readonly word: string } | { readonly suffix: string };

/** An endpoint and the template of its paths. */
export interface Templated {
  readonly endpoint: Endpoint;
  readonly pieces: readonly Piece[];
}

/** A word with this share of all that is below its parent stays a word, however many values there are beside it. */
const wordShare = 0.05;
/** Titles made fit for a URL are values when there are this many times fewer of them. */
const slugFactor = 5;
/** Words below one parent, before they are taken for values at once. */
const mostWords = 1000;
/** Keys of a query. */
const mostKeys = 20;
/** Parts of a path. */
const deepest = 40;
/** Endpoints in memory, about 1 kB each. */
const mostEndpoints = 100_000;

/**
 * Makes templates of paths while they come in: what looks like an identifier is a value at once; words are values when
 * there are many different ones below the same parent.
 */
export class PathTree {
  readonly #settings: PathTreeSettings;
  readonly #root = new PathNode();
  readonly #endpoints: Endpoint[] = [];
  #alive = 0;
  /** No further endpoint is made. */
  #isFull = false;

  constructor(settings: PathTreeSettings) {
    this.#settings = settings;
  }

  /**
   * The endpoint of a request. Without `isNew` only one that is known: a path that was never found makes none.
   * Undefined also if there are too many.
   */
  endpointOf(method: string, target: Target, isNew: boolean): Endpoint | undefined {
    if (this.#alive >= mostEndpoints && !this.#isFull) this.#settleAll();
    const mayGrow = isNew && !this.#isFull;
    const path = this.#pathOf(target.path, mayGrow);
    if (path === undefined) return undefined;
    const keys = target.query === '' ? '' : keysOf(target.query);
    const make = (made: string): Endpoint | undefined => (mayGrow ? this.#make(method, made) : undefined);
    const endpoint = path.at(-1)?.endpoint(method, keys, make);
    if (endpoint !== undefined) for (const node of path) node.hits++;
    return endpoint;
  }

  /** The endpoint that this one is now. */
  whole(id: number): Endpoint | undefined {
    return this.#endpoints[id]?.whole;
  }

  /** Decides what is a value and what a word; all endpoints with their templates. */
  templates(): Templated[] {
    this.#settleAll();
    const found: Templated[] = [];
    const visit = (node: PathNode, pieces: readonly Piece[]): void => {
      for (const byKeys of node.endpoints.values()) {
        for (const endpoint of byKeys.values()) found.push({ endpoint, pieces });
      }
      for (const { word, suffix = '', node: below } of node.children()) {
        visit(below, [...pieces, word === undefined ? { suffix } : { word }]);
      }
    };
    visit(this.#root, []);
    return found;
  }

  /** The nodes of a path from the root on. */
  #pathOf(path: string, isNew: boolean): PathNode[] | undefined {
    let node = this.#root;
    const nodes = [node];
    for (let from = 1; ; ) {
      if (nodes.length > deepest) return undefined;
      const slash = path.indexOf('/', from);
      const segment = slash < 0 ? path.slice(from) : path.slice(from, slash);
      const next = node.words.get(segment) ?? this.#below(node, segment, isNew);
      if (next === undefined) return undefined;
      nodes.push(next);
      node = next;
      if (slash < 0) return nodes;
      from = slash + 1;
    }
  }

  #below(node: PathNode, segment: string, isNew: boolean): PathNode | undefined {
    if (segment.includes(secretMark)) {
      if (isNew) node.secret ??= new PathNode();
      return node.secret;
    }
    const suffix = afterId(segment) ?? (node.isFull ? endingOf(segment) : undefined);
    if (suffix !== undefined) return isNew ? node.slot(copyOf(suffix)) : node.slots.get(suffix);
    if (!isNew) return undefined;
    if (node.words.size >= mostWords) {
      this.#fold(node, [...node.words]);
      node.isFull = true;
      return this.#below(node, segment, isNew);
    }
    const word = new PathNode();
    node.words.set(copyOf(segment), word);
    return word;
  }

  #make(method: string, keys: string): Endpoint {
    const { values, chance } = this.#settings;
    const endpoint = new Endpoint(this.#endpoints.length, method, keys, values, chance);
    this.#endpoints.push(endpoint);
    this.#alive++;
    return endpoint;
  }

  #settleAll(): void {
    this.#settle(this.#root);
    this.#alive = new Set(this.#endpoints.map(({ whole }) => whole)).size;
    this.#isFull = this.#alive > mostEndpoints * 0.9;
  }

  /** From the root on: what is folded above brings together what is below. */
  #settle(node: PathNode): void {
    const { distinct } = this.#settings;
    const byEnding = new Map<string, (readonly [string, PathNode])[]>();
    for (const word of node.words) {
      const ending = endingOf(word[0]);
      byEnding.set(ending, [...(byEnding.get(ending) ?? []), word]);
    }
    for (const words of byEnding.values()) {
      const slugs = words.filter(([word]) => isSlug(word));
      if (words.length > distinct) this.#fold(node, words);
      else if (slugs.length > distinct / slugFactor) this.#fold(node, slugs);
    }
    for (const { node: below } of node.children()) this.#settle(below);
  }

  /** Makes values of these words, but for those that are words by their looks and their share. */
  #fold(node: PathNode, words: readonly (readonly [string, PathNode])[]): void {
    for (const [word, below] of words) {
      if (word === '' || (isWord(word) && below.hits >= node.hits * wordShare)) continue;
      node.words.delete(word);
      node.slot(endingOf(word)).take(below, (method, keys) => this.#make(method, keys));
    }
  }
}

/** The keys of a query, sorted, with their `=`; `anyQuery` if it has one twice or is no list of keys with values. */
function keysOf(query: string): string {
  const keys = query.split('&').map((part) => part.slice(0, part.indexOf('=') + 1) || part);
  if (keys.length > mostKeys || keys.some((key) => !/^[\w.~[\]%:-]{1,60}=?$/.test(key) || afterId(key) !== undefined)) {
    return anyQuery;
  }
  const sorted = keys.length === 1 ? keys : keys.sort();
  return sorted.some((key, at) => key === sorted[at - 1]) ? anyQuery : sorted.join('&');
}
