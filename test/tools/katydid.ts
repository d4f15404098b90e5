import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const projectFolder: string = fileURLToPath(new URL('../..', import.meta.url));

/** The built command line, as it is published (`npm run build` makes it). */
export const katydidCli: string = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
