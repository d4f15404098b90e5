import { anyQuery, type Endpoint } from './endpoint.ts';

/** How many different sets of keys the queries of one path may have, before they are taken as one. */
const mostKeySets = 8;

/** What is known of the requests below one part of a path. */
export class PathNode {
  hits = 0;
  /** Parts that are named as they are. */
  readonly words: Map<string, PathNode> = new Map();
  /** Parts that stand for a value, by what follows the value: `.json`, most often nothing. */
  readonly slots: Map<string, PathNode> = new Map();
  /** A part that is secret. */
  secret: PathNode | undefined;
  /** Too many words came here: whatever is new is a value. */
  isFull = false;
  /** What ends here: method → keys of the query → endpoint. */
  readonly endpoints: Map<string, Map<string, Endpoint>> = new Map();

  /** All parts below: what is written of each in a name, undefined for a value, and where it leads. */
  *children(): Generator<{ readonly word?: string; readonly suffix?: string; readonly node: PathNode }> {
    for (const [word, node] of this.words) yield { word, node };
    for (const [suffix, node] of this.slots) yield { suffix, node };
    if (this.secret !== undefined) yield { suffix: '', node: this.secret };
  }

  slot(suffix: string): PathNode {
    let node = this.slots.get(suffix);
    if (node === undefined) {
      node = new PathNode();
      this.slots.set(suffix, node);
    }
    return node;
  }

  /** The endpoint of these keys; made by `make` if it is not known. */
  endpoint(method: string, keys: string, make: (keys: string) => Endpoint | undefined): Endpoint | undefined {
    const byKeys = this.endpoints.get(method) ?? new Map<string, Endpoint>();
    const any = byKeys.get(anyQuery);
    const known = byKeys.get(keys) ?? (keys !== '' && any?.isForAll === true ? any : undefined);
    if (known !== undefined) return known;
    const made = make(keys);
    if (made === undefined) return undefined;
    byKeys.set(keys, made);
    this.endpoints.set(method, byKeys);
    boundKeySets(byKeys, make);
    return made.whole;
  }

  /** Takes all that is below the other one, and ends there. */
  take(other: PathNode, make: (method: string, keys: string) => Endpoint | undefined): void {
    this.hits += other.hits;
    this.isFull ||= other.isFull;
    for (const [word, node] of other.words) {
      const known = this.words.get(word);
      if (known === undefined) this.words.set(word, node);
      else known.take(node, make);
    }
    for (const [suffix, node] of other.slots) {
      const known = this.slots.get(suffix);
      if (known === undefined) this.slots.set(suffix, node);
      else known.take(node, make);
    }
    if (this.secret === undefined) this.secret = other.secret;
    else if (other.secret !== undefined) this.secret.take(other.secret, make);
    for (const [method, byKeys] of other.endpoints) {
      const known = this.endpoints.get(method) ?? new Map<string, Endpoint>();
      this.endpoints.set(method, known);
      for (const [keys, endpoint] of byKeys) {
        const same = known.get(keys);
        if (same === undefined) known.set(keys, endpoint);
        else same.take(endpoint);
      }
      boundKeySets(known, (keys) => make(method, keys));
    }
  }
}

/** Makes one of all sets of keys but the empty one if there are too many. */
function boundKeySets(byKeys: Map<string, Endpoint>, make: (keys: string) => Endpoint | undefined): void {
  if (byKeys.size <= mostKeySets && byKeys.get(anyQuery)?.isForAll !== true) return;
  const whole = byKeys.get(anyQuery) ?? make(anyQuery);
  if (whole === undefined) return;
  whole.isForAll = true;
  for (const [keys, endpoint] of byKeys) {
    if (keys === '' || keys === anyQuery) continue;
    whole.take(endpoint);
    byKeys.delete(keys);
  }
  byKeys.set(anyQuery, whole);
}
