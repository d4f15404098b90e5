// The Python stub that a master loads: what its web UI must know of the TypeScript users, and nothing that runs.
import { UsageError } from '../errors.ts';
import type { ClassManifest, Manifest, TaskManifest } from '../swarm/manifest.ts';
import { stagesOf } from '../swarm/shapes.ts';
import type { OptionSpec } from '../user/options.ts';
import type { ShapeStage } from '../user/shape.ts';
import { isPythonName, pythonLiteral } from './python.ts';

const header = `"""Written by 'katydid locustfile'. An unmodified Locust master loads it, so that its web UI shows the users
that katydid workers run: classes, weights, hosts, tasks with tags, custom arguments, load shapes. Nothing in it runs
users. After a change of the user file, write it anew."""
# ruff: noqa

import locust
`;

/** The locustfile for a manifest, for masters from 2.12 on. The same manifest always gives the same text. */
export function locustfileOf(manifest: Manifest): string {
  const options = Object.entries(manifest.options);
  const names = manifest.classes.map(({ name }) => name);
  const parts = [
    header,
    ...(options.length > 0 ? [optionsOf(options)] : []),
    ...manifest.classes.map(classOf),
    ...[...manifest.shapes].map(([name, stages]) => shapeOf(name, stagesOf(name, stages, names))),
    ...manifest.shapeClasses.map(noteOf),
  ];
  return parts.join('\n\n');
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What masters of before this or that version do not know is left out there: \`is_secret\` (2.15), \`is_required\`, \`is_multiple\`. */
const addArgument = `def _add_argument(parser, *names, **options):
    """Older masters lack some of these keywords."""
    for keyword in ("is_multiple", "is_required", "is_secret", None):
        try:
            return parser.add_argument(*names, **options)
        except TypeError:
            if keyword is None:
                raise
            options.pop(keyword, None)
`;

function optionsOf(options: readonly (readonly [string, OptionSpec])[]): string {
  const lines = options.map(([name, spec]) => `    ${argumentOf(name, spec)}`);
  return `${addArgument}

@locust.events.init_command_line_parser.add_listener
def _katydid_options(parser, **_kwargs):
${lines.join('\n')}
`;
}

function argumentOf(name: string, spec: OptionSpec): string {
  const flag = `--${snake(name).replaceAll('_', '-')}`;
  const names = [...(spec.short === undefined ? [] : [`-${spec.short}`]), flag].map(pythonLiteral);
  const keywords = Object.entries({
    ...typeOf(spec),
    default: pythonLiteral(spec.default),
    ...(spec.choices === undefined ? {} : { choices: pythonLiteral(choicesOf(spec)) }),
    // argparse formats the text with %.
    help: pythonLiteral((spec.help ?? '').replaceAll('%', '%%')),
    env_var: pythonLiteral(spec.env ?? `LOCUST_${snake(name).toUpperCase()}`),
    ...(spec.inWebUi === false ? { include_in_web_ui: 'False' } : {}),
    ...(spec.secret ? { is_secret: 'True' } : {}),
    ...(spec.required ? { is_required: 'True' } : {}),
    ...(spec.multiple ? { is_multiple: 'True' } : {}),
  }).map(([keyword, value]) => `${keyword}=${value}`);
  return `_add_argument(parser, ${[...names, ...keywords].join(', ')})`;
}

/** In the type that argparse compares them in. */
function choicesOf({ default: value, choices = [] }: OptionSpec): readonly (string | number)[] {
  return typeof value === 'number' ? choices.map(Number) : choices;
}

function typeOf({ default: value }: OptionSpec): Record<string, string> {
  if (typeof value === 'boolean') return { action: '"store_true"' };
  if (Array.isArray(value)) return { nargs: '"*"', type: 'str' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'int' : 'float' };
  return { type: 'str' };
}

function classOf(manifest: ClassManifest): string {
  const { name, host, weight, fixedCount, needsHost } = manifest;
  if (!isPythonName(name))
    throw new UsageError(`the class name ${name} is no name in Python; a Locust master cannot have it`);
  return `
class ${name}(locust.${needsHost ? 'HttpUser' : 'User'}):
    host = ${pythonLiteral(host)}
    weight = ${weight}
    fixed_count = ${fixedCount}
${tasksOf(manifest.tasks, '    ')}`;
}

function tasksOf(tasks: readonly TaskManifest[], indent: string): string {
  const scale = scaleOf(tasks);
  return tasks.map((task, at) => taskOf(task, Math.round(task.weight * scale), at, indent)).join('\n');
}

/** Locust wants whole weights: the smallest factor up to 1000 that makes them so. */
function scaleOf(tasks: readonly TaskManifest[]): number {
  for (let scale = 1; scale < 1000; scale++) {
    if (tasks.every(({ weight }) => Math.abs(weight * scale - Math.round(weight * scale)) < 1e-9)) return scale;
  }
  return 1000;
}

/** What these names mean in the body of a class is Locust's; a task of that name gets it by its `__name__`. */
const reserved = new Set('abstract fixed_count host locust tasks wait_time weight'.split(' '));

function taskOf({ name, tags, taskSet }: TaskManifest, weight: number, at: number, indent: string): string {
  const own = isPythonName(name) && !reserved.has(name) ? name : `_task_${at}`;
  const decorators = [
    ...(tags.length > 0 ? [`@locust.tag(${tags.map(pythonLiteral).join(', ')})`] : []),
    `@locust.task(${weight})`,
  ];
  const body =
    taskSet === undefined
      ? [`def ${own}(self):`, '    pass']
      : [`class ${own}(locust.${taskSet.inOrder ? 'SequentialTaskSet' : 'TaskSet'}):`];
  const lines = [...decorators, ...body].map((line) => `${indent}${line}`);
  if (taskSet !== undefined) lines.push(tasksOf(taskSet.tasks, `${indent}    `).replace(/^\n/, ''));
  if (own !== name) lines.push(`${indent}${own}.__name__ = ${pythonLiteral(name)}`);
  return `\n${lines.join('\n')}`;
}

function shapeOf(name: string, stages: readonly ShapeStage[]): string {
  if (!isPythonName(name)) throw new UsageError(`the export name ${name} of a load shape is no name in Python`);
  const rows = stages.map(({ until, users, spawnRate, userClasses }) => {
    const classes = userClasses === undefined ? 'None' : `[${userClasses.join(', ')}]`;
    return `        (${until}, ${users}, ${spawnRate}, ${classes}),`;
  });
  return `
class ${name}(locust.LoadTestShape):
    # until (s from the start), users, spawn rate, user classes
    stages = [
${rows.join('\n')}
    ]

    def tick(self):
        for until, users, spawn_rate, user_classes in self.stages:
            if self.get_run_time() < until:
                return (users, spawn_rate) if user_classes is None else (users, spawn_rate, user_classes)
        return None
`;
}

/** What becomes of a shape with `tick()`, which is code of the user file: no master can run it. */
export function onShapeClass(name: string): string {
  return (
    `the load shape ${name} is a class with tick(), for runs without a master: a master does not run it, but takes users ` +
    "and spawn rate from its web UI or flags. 'katydid shape --json' gives it as stages, which a master runs"
  );
}

/** In lines of a comment. A line break in a name would end the comment. */
function noteOf(name: string): string {
  const words = `Not in here: ${onShapeClass(name)}.`.split(/\s+/);
  const lines = ['#'];
  for (const word of words) {
    if (`${lines.at(-1)} ${word}`.length > 120) lines.push('#');
    lines.push(`${lines.pop()} ${word}`);
  }
  return `${lines.join('\n')}\n`;
}
