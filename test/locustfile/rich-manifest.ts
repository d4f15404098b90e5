import type { ClassManifest, Manifest, TaskManifest } from '../../src/swarm/manifest.ts';

/** A task without a set. */
export const aTask = (name: string, weight = 1, ...tags: string[]): TaskManifest => ({ name, weight, tags });
/** A class with one task. */
export const aClass = (name: string, more: Partial<ClassManifest> = {}): ClassManifest => ({
  name,
  host: null,
  weight: 1,
  fixedCount: 0,
  needsHost: false,
  tasks: [aTask('go')],
  ...more,
});
/** A manifest of one class. */
export const aManifest = (more: Partial<Manifest> = {}): Manifest => ({
  classes: [aClass('Reader')],
  options: {},
  shapes: new Map(),
  shapeClasses: [],
  ...more,
});

/** A text with all that argparse and Python may stumble over. */
export const help: string = `100% sure: "quotes", 'more', \\backslash, %(default)s, %d, {braces}\nüñí 🦗`;

/** Everything that a stub can hold, with odd names where names are free. */
export const rich: Manifest = {
  classes: [
    aClass('ShopUser', {
      host: 'https://shop.example/a?b="c"&d=\'e\'\\',
      weight: 3,
      needsHost: true,
      tasks: [
        aTask('home', 3),
        aTask('profile', 2, 'account', 'o"d\'d', 'ünï %'),
        {
          ...aTask('browse', 1, 'web'),
          taskSet: {
            className: 'Browse',
            inOrder: false,
            tasks: [
              aTask('look', 2),
              {
                ...aTask('pay'),
                taskSet: { className: 'Pay', inOrder: true, tasks: [aTask('card', 2), aTask('done')] },
              },
              aTask('interrupt'),
            ],
          },
        },
      ],
    }),
    aClass('AdminUser', {
      fixedCount: 2,
      weight: 0.5,
      tasks: [aTask('half', 0.5), aTask('quarter', 0.25), aTask('none', 0)],
    }),
    aClass('Größe_ñ', {
      tasks: [
        ...['lambda', 'async', 'None', '$buy', 'buy now', 'a"b\'c\\', '日本', 'ﬁn', '🦗', ''].map((name) =>
          aTask(name),
        ),
        ...['task', 'tag', 'weight', 'host', 'fixed_count', 'tasks', 'abstract', 'wait_time'].map((name) =>
          aTask(name),
        ),
        ...['locust', 'TaskSet', 'on_start', 'self', '__init', 'print', 'constructor'].map((name) => aTask(name)),
      ],
    }),
    aClass('User'),
    aClass('HttpUser', { needsHost: true }),
    aClass('task'),
    aClass('__proto__'),
  ],
  options: {
    tenant: { default: 'acme', choices: ['acme', 'gl"obex'], help, short: 't' },
    maxTokens: { default: 100, env: 'SHOP_TOKENS' },
    ratio: { default: 0.5, inWebUi: false },
    size: { default: 5, choices: ['5', '10'] },
    dryRun: { default: false },
    apiKey: { default: '', secret: true, required: true },
    cards: { default: ['visa', 'am"ex'], multiple: true, choices: ['visa', 'am"ex', 'jcb'] },
    region: { default: null },
    lambda: { default: 'x' },
  },
  shapes: new Map([
    [
      'rush',
      [
        { until: 60, users: 10, spawnRate: 1 },
        { until: 120.5, users: 5, spawnRate: 0.5, userClasses: ['ShopUser', 'Größe_ñ'] },
      ],
    ],
  ]),
  shapeClasses: [],
};
