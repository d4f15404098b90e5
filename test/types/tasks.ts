// What the types say of task tables. Not run: `tsc` fails where an expected error is missing, or an unexpected one is not.
import { HttpUser, type Sequence, SequentialTaskSet, TaskSet, type Tasks, type TaskTable, User } from 'katydid';

export class AllForms extends User {
  static tasks = {
    home: 3,
    profile: { weight: 2, tags: ['account'] },
    search: { tags: ['slow'] },
    arrow: {},
    checkout: 1,
  } satisfies Tasks<AllForms>;

  checkout = Checkout;
  arrow = async (): Promise<void> => {};
  home(): void {}
  async profile(): Promise<number> {
    return 1;
  }
  search(): unknown {
    return undefined;
  }
}

export class Checkout extends SequentialTaskSet<AllForms> {
  static tasks = ['cart', 'pay', 'inner', 'interrupt'] satisfies Sequence<Checkout>;
  inner = Inner;
  cart(): void {}
  pay(): void {}
}

export class Inner extends TaskSet<AllForms> {
  static tasks = { look: 2, interrupt: 1 } satisfies Tasks<Inner>;
  look(): void {}
}

/** A sequence may be a table: tags, and weights that repeat a step. */
export class TableSequence extends SequentialTaskSet<AllForms> {
  static tasks = { cart: 2, interrupt: { tags: ['end'] } } satisfies Sequence<TableSequence>;
  cart(): void {}
}

export class OfHttpUser extends HttpUser {
  static tasks = { home: 1 } satisfies Tasks<OfHttpUser>;
  async home(): Promise<void> {
    await this.client.get('/');
  }
}

/** A table without `satisfies` is a table too; it is checked when it is loaded. */
export class Unchecked extends User {
  static tasks = { home: 1 };
  home(): void {}
}

export class Typo extends User {
  // @ts-expect-error 'hom' names no task
  static tasks = { hom: 3 } satisfies Tasks<Typo>;
  home(): void {}
}

export class Hook extends User {
  // @ts-expect-error onStart is a hook, not a task
  static tasks = { home: 1, onStart: 3 } satisfies Tasks<Hook>;
  home(): void {}
  override onStart(): void {}
}

export class BaseMethod extends User {
  // @ts-expect-error wait is a method of each user, not a task
  static tasks = { home: 1, wait: 3 } satisfies Tasks<BaseMethod>;
  home(): void {}
}

export class WithParameter extends User {
  // @ts-expect-error a task has no parameters
  static tasks = { home: 1, visit: 1 } satisfies Tasks<WithParameter>;
  home(): void {}
  visit(_page: string): void {}
}

export class DataField extends User {
  // @ts-expect-error a field that holds no task set is no task
  static tasks = { home: 1, name: 1 } satisfies Tasks<DataField>;
  name = 'x';
  home(): void {}
}

export class Private extends User {
  // @ts-expect-error a task is public
  static tasks = { home: 1, secret: 1 } satisfies Tasks<Private>;
  home(): void {
    this.secret();
  }
  private secret(): void {}
}

// @ts-expect-error a weight is a number
export const textWeight = { home: '3' } satisfies Tasks<Unchecked>;

export class WrongEntry extends User {
  // @ts-expect-error it is called tags
  static tasks = { home: { weight: 1, tag: ['a'] } } satisfies Tasks<WrongEntry>;
  home(): void {}
}

// @ts-expect-error tags are a list
export const textTags = { home: { tags: 'a' } } satisfies Tasks<Unchecked>;

export class ListOfUser extends User {
  // @ts-expect-error only a sequence may be a list
  static tasks = ['home'] satisfies Tasks<ListOfUser>;
  home(): void {}
}

export class InterruptOfUser extends User {
  // @ts-expect-error a user has nothing to interrupt
  static tasks = { home: 1, interrupt: 1 } satisfies Tasks<InterruptOfUser>;
  home(): void {}
}

export class WithoutTasks extends User {
  // @ts-expect-error a class without tasks accepts no name
  static tasks = { home: 1 } satisfies Tasks<WithoutTasks>;
}

export class WrongStep extends SequentialTaskSet<AllForms> {
  // @ts-expect-error 'pey' names no step
  static tasks = ['cart', 'pey'] satisfies Sequence<WrongStep>;
  cart(): void {}
  pay(): void {}
}

export class HookStep extends SequentialTaskSet<AllForms> {
  // @ts-expect-error onStop is a hook, not a step
  static tasks = ['cart', 'onStop'] satisfies Sequence<HookStep>;
  cart(): void {}
}

export class SetMethod extends TaskSet<AllForms> {
  // @ts-expect-error scheduleTask is a method of each set, not a task
  static tasks = { look: 1, scheduleTask: 1 } satisfies Tasks<SetMethod>;
  look(): void {}
}

/** A base whose table may be replaced says so by its type. */
export class Base extends User {
  static tasks: TaskTable = { home: 1 } satisfies Tasks<Base>;
  home(): void {}
}

export class Replacing extends Base {
  static override tasks = { about: 1, home: 2 } satisfies Tasks<Replacing>;
  about(): void {}
}

export class ReplacingWrongly extends Base {
  // @ts-expect-error 'abaut' names no task
  static override tasks = { abaut: 1 } satisfies Tasks<ReplacingWrongly>;
  about(): void {}
}

/** The user and the client of a set are those of its user class. */
export class TypedUser extends TaskSet<OfHttpUser> {
  static tasks = { look: 1 } satisfies Tasks<TypedUser>;
  async look(): Promise<void> {
    await this.client.get('/');
    await this.user.home();
    // @ts-expect-error its user has no such method
    await this.user.profile();
  }
}

export class WithoutClient extends TaskSet<AllForms> {
  static tasks = { look: 1 } satisfies Tasks<WithoutClient>;
  look(): void {
    // @ts-expect-error its user has no client
    this.client.get('/');
  }
}
