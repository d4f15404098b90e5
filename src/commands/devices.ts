import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import { type Arguments, argumentsOf, check, parser } from './arguments.ts';
import { createCommand, deleteCommand, importCommand } from './devices-change.ts';
import { createFlags, exportFlags, listFlags, nameFlags, placeFlags } from './devices-flags.ts';
import { exportCommand, listCommand, verifyCommand } from './devices-read.ts';
import { type PlaceName, refuseMissing } from './devices-registry.ts';
import type { Flag } from './flags.ts';

const usage = `katydid devices: the identities of simulated IoT devices, a key pair each.

  katydid devices create 1 100            LTK00001 to LTK00100: private keys into the list, public ones into the registry
  katydid devices list                    which there are
  katydid devices verify                  do the keys of list and registry match?
  katydid devices delete 1 100
  katydid devices export --format jwks    the public keys, for a broker: csv, jwks, emqx-acl
  katydid devices import devicelist.csv   register devices of a list that was made elsewhere

The list (devicelist.csv) holds private keys: it is for its owner's eyes only. Registries: a file (deviceregistry.csv),
clearblade (CLEARBLADE_CONFIGURATION, the path of its account's JSON file), thingsboard (LTK_THINGSBOARD_API_KEY, or
LTK_THINGSBOARD_USERNAME and LTK_THINGSBOARD_PASSWORD).`;

interface Subcommand {
  readonly usage: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly run: (args: Arguments) => Promise<number>;
  /** How many words may follow its name. */
  readonly words: number;
  /** What must be there, if it was named. */
  readonly reads: readonly PlaceName[];
}

const subcommands: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  [
    'create',
    {
      usage:
        'create MIN MAX\n\nMakes the devices MIN to MAX: a key pair each, its private half for the list, its public one for the registry.\nOne that exists is an error that changes nothing.',
      flags: { ...nameFlags, ...createFlags },
      run: createCommand,
      words: 2,
      reads: [],
    },
  ],
  [
    'list',
    {
      usage: 'list\n\nShows which devices there are.',
      flags: listFlags,
      run: listCommand,
      words: 0,
      reads: ['list', 'registry'],
    },
  ],
  [
    'delete',
    {
      usage: 'delete MIN MAX\n\nDeletes those of the devices MIN to MAX that there are, and their keys.',
      flags: nameFlags,
      run: deleteCommand,
      words: 2,
      reads: ['list', 'registry'],
    },
  ],
  [
    'verify',
    {
      usage: 'verify\n\nLooks for all that would keep devices from connecting; exit code 1 if there is something.',
      flags: {},
      run: verifyCommand,
      words: 0,
      reads: ['list', 'registry'],
    },
  ],
  [
    'export',
    {
      usage: 'export\n\nWrites what is public of the registered devices.',
      flags: exportFlags,
      run: exportCommand,
      words: 0,
      reads: ['registry'],
    },
  ],
  [
    'import',
    {
      usage: 'import [LIST]\n\nRegisters those devices of a list that are not registered yet.',
      flags: {},
      run: importCommand,
      words: 1,
      reads: [],
    },
  ],
]);

/** `katydid devices`: creates, lists, deletes, verifies, exports and imports devices. No key is ever printed. */
export async function devices(argv: readonly string[]): Promise<number> {
  const [name = ''] = argv;
  const subcommand = subcommands.get(name);
  if (subcommand === undefined) return withoutSubcommand(argv);
  const flags = { ...subcommand.flags, ...placeFlags };
  const args = await argumentsOf(parser(argv, flags).usage(`katydid devices ${subcommand.usage}`));
  if (args === undefined) return 0;
  check(args, flags);
  const [, ...words] = args._;
  const tooMany = words[subcommand.words];
  if (tooMany !== undefined) throw new UsageError(`katydid devices ${name}: '${tooMany}' is one word too many`);
  for (const place of subcommand.reads) refuseMissing(args, place);
  return subcommand.run(args);
}

function withoutSubcommand(argv: readonly string[]): number {
  const names = [...subcommands.keys()];
  const word = argv.find((given) => !given.startsWith('-'));
  if (argv.includes('--help') || argv.includes('-h') || argv.length === 0) {
    process.stdout.write(`${usage}\n\n'katydid devices create --help' lists the flags of create\n`);
    return argv.length === 0 ? 2 : 0;
  }
  const meant = word === undefined ? undefined : nearest(word, names);
  const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean 'katydid devices ${meant}'?`;
  throw new UsageError(`katydid devices does not know '${word ?? argv[0]}'; ${hint}`);
}
