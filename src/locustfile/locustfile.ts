// The Python stub that a master loads: what its web UI must know of the TypeScript users, and nothing that runs.
import { UsageError } from '../errors.ts';
import type { ClassManifest, Manifest, TaskManifest } from '../swarm/manifest.ts';
import type { OptionSpec } from '../user/options.ts';
import type { ShapeStage } from '../user/shape.ts';
import { isPythonName, pythonLiteral } from './python.ts';

const header = `"""Written by 'katydid locustfile'. An unmodified Locust master loads it, so that its web UI shows the users
that katydid workers run: classes, weights, hosts, tasks with tags, custom arguments, load shapes. Nothing in it runs
users. After a change of the user file, write it anew."""
# ruff: noqa

from locust import HttpUser, LoadTestShape, SequentialTaskSet, TaskSet, User, events, tag, task
`;

/** The locustfile for a manifest, for masters from 2.12 on. The same manifest always gives the same text. */
export function locustfileOf(manifest: Manifest): string {
  const options = Object.entries(manifest.options);
  const parts = [
    header,
    ...(options.length > 0 ? [optionsOf(options)] : []),
    ...manifest.classes.map(classOf),
    ...[...manifest.shapes].map(([name, stages]) => shapeOf(name, stages)),
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

@events.init_command_line_parser.add_listener
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
    ...(spec.choices === undefined ? {} : { choices: pythonLiteral(spec.choices) }),
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
class ${name}(${needsHost ? 'HttpUser' : 'User'}):
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

function taskOf({ name, tags, taskSet }: TaskManifest, weight: number, at: number, indent: string): string {
  const own = isPythonName(name) ? name : `_task_${at}`;
  const decorators = [...(tags.length > 0 ? [`@tag(${tags.map(pythonLiteral).join(', ')})`] : []), `@task(${weight})`];
  const body =
    taskSet === undefined
      ? [`def ${own}(self):`, '    pass']
      : [`class ${own}(${taskSet.inOrder ? 'SequentialTaskSet' : 'TaskSet'}):`];
  const lines = [...decorators, ...body].map((line) => `${indent}${line}`);
  if (taskSet !== undefined) lines.push(tasksOf(taskSet.tasks, `${indent}    `).replace(/^\n/, ''));
  if (own !== name) lines.push(`${indent}${own}.__name__ = ${pythonLiteral(name)}`);
  return `\n${lines.join('\n')}`;
}

function shapeOf(name: string, stages: readonly ShapeStage[]): string {
  if (!isPythonName(name)) throw new UsageError(`the export name ${name} of a load shape is no name in Python`);
  const rows = stages.map(({ until, users, spawnRate, userClasses }) => {
    const classes = userClasses === undefined ? 'None' : `[${userClasses.map((each) => each).join(', ')}]`;
    return `        (${until}, ${users}, ${spawnRate}, ${classes}),`;
  });
  return `
class ${name}(LoadTestShape):
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
