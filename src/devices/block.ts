/** Elements `first` to `end`, which is not one of them, counted from 0. */
export interface Block {
  readonly first: number;
  readonly end: number;
}

/** `index` of `count`, from 0. */
interface Part {
  readonly index: number;
  readonly count: number;
}

/**
 * One of `count` parts of a list of `total`: one after the other they are the whole list, each element is in exactly one,
 * and no part has two more than another. The larger ones come first, as Locust gives users that are left over to its first
 * workers.
 *
 * @example blockOf(100, { index: 0, count: 3 }) // { first: 0, end: 34 }
 */
export function blockOf(total: number, { index, count }: Part): Block {
  const size = Math.floor(total / count);
  const rest = total % count;
  const first = index * size + Math.min(index, rest);
  return { first, end: first + size + (index < rest ? 1 : 0) };
}

/**
 * The same for the pods of a StatefulSet, by ordinal. Here the larger parts are those of the pods to which Locust's master
 * deals users first: it sorts its workers by `<host name>_<hex digits>` as texts, so `iot-0`, `iot-10`, `iot-1`, `iot-2`.
 * Up to ten pods it is `blockOf`.
 */
export function blockOfPod(total: number, { index, count }: Part): Block {
  const ordinals = Array.from({ length: count }, (_, ordinal) => ordinal);
  const dealtFirst = ordinals.toSorted((a, b) => (`${a}_` < `${b}_` ? -1 : 1)).slice(0, total % count);
  const size = Math.floor(total / count);
  const first = index * size + dealtFirst.filter((ordinal) => ordinal < index).length;
  return { first, end: first + size + (dealtFirst.includes(index) ? 1 : 0) };
}
