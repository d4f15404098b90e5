import { UsageError } from '../errors.ts';
import { Arrivals } from '../user/arrivals.ts';
import type { TaskPlan } from '../user/tasks.ts';
import { User, type UserClass } from '../user/user.ts';

/** Refuses what does not go with planned iterations: wait times, and task sets. */
export function checkArrivals(userClass: UserClass, plan: TaskPlan): void {
  const { name, arrivals } = userClass;
  if (arrivals === undefined) return;
  if (!(arrivals instanceof Arrivals)) {
    throw new UsageError(`${name}.arrivals is ${String(arrivals)}; scheduled(5), for five a second, is expected`);
  }
  const waiting = waitTimeBeside(userClass);
  if (waiting !== undefined) {
    throw new UsageError(
      `${name} has both arrivals and ${waiting === name ? 'a waitTime' : `${waiting}.waitTime`}; with arrivals ` +
        'iterations begin when they are planned, and nothing waits. Take one of the two out',
    );
  }
  const taskSet = plan.tasks.find(({ nested }) => nested !== undefined);
  if (taskSet !== undefined) {
    throw new UsageError(
      `${name}.tasks.${taskSet.name} is a task set, and ${name} has arrivals; an iteration is one method: write its ` +
        'steps one after the other, with await, in a method',
    );
  }
}

/** The class that has a wait time of its own, if it is no farther away than the arrivals: those of a base give way. */
function waitTimeBeside(userClass: UserClass): string | undefined {
  for (let at: unknown = userClass; typeof at === 'function' && at !== User; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, 'waitTime')) return at.name;
    if (Object.hasOwn(at, 'arrivals')) return undefined;
  }
  return undefined;
}
