import { UsageError } from '../errors.ts';
import { LoadTestShape, type LoadTestShapeClass } from '../user/load-test-shape.ts';
import type { ShapeStage } from '../user/shape.ts';
import { nearest } from '../words.ts';

/** Whether a user file's export is a class with `tick()` that runs may ask. */
export function isShapeClass(value: unknown): value is LoadTestShapeClass {
  if (typeof value !== 'function' || !(value.prototype instanceof LoadTestShape)) return false;
  return !(Object.hasOwn(value, 'abstract') && (value as unknown as LoadTestShapeClass).abstract === true);
}

/** A shape names only classes that are there. */
export function checkClasses(shape: string, wanted: readonly string[], known: readonly string[]): void {
  const wrong = wanted.find((each) => !known.includes(each));
  if (wrong === undefined) return;
  const meant = nearest(wrong, known);
  const hint = meant === undefined ? '' : `; is ${meant} meant?`;
  throw new UsageError(`the load shape ${shape} names the class ${wrong}; there are ${known.join(', ')}${hint}`);
}

/**
 * The stages of a shape as they are carried out, checked. A Locust master goes on with the classes of the stage before
 * where a stage names none; so after a stage that names some, all are named where all are meant.
 */
export function stagesOf(shape: string, stages: readonly ShapeStage[], known: readonly string[]): ShapeStage[] {
  let isNarrow = false;
  return stages.map((stage) => {
    if (stage.userClasses === undefined) return isNarrow ? { ...stage, userClasses: known } : stage;
    checkClasses(shape, stage.userClasses, known);
    isNarrow = true;
    return stage;
  });
}
