import type { Plan } from './plan.ts';
import { flagValue } from './words.ts';

/** What to ask a container for its health; nothing where there is nobody to ask. */
export interface Probe {
  readonly url?: string;
  readonly what: string;
}

/** The address that tells whether this program is well. */
export function probeOf({ role, argv, env }: Plan): Probe {
  if (role === 'worker') {
    const port = flagValue(argv, '--health-port') ?? env.KATYDID_HEALTH_PORT;
    return port === undefined
      ? { what: 'a worker without --health-port' }
      : { url: `http://127.0.0.1:${port}/healthz`, what: 'worker' };
  }
  const isHeadless = argv.includes('--headless') || /^(1|true|yes|on)$/i.test(env.LOCUST_HEADLESS ?? '');
  if (role === 'master' && !isHeadless) {
    const port = flagValue(argv, '--web-port') ?? flagValue(argv, '-P') ?? env.LOCUST_WEB_PORT ?? '8089';
    const base = flagValue(argv, '--web-base-path') ?? env.LOCUST_WEB_BASE_PATH ?? '';
    return { url: `http://127.0.0.1:${port}${base}/`, what: 'master' };
  }
  const at = argv.indexOf('target');
  if (at !== -1) return target(argv.slice(at + 1));
  return { what: 'nothing to ask' };
}

/** The embedded targets, by the page that each has. */
const pages: Readonly<Record<string, { readonly flag: string; readonly port: string; readonly path: string }>> = {
  website: { flag: '--port', port: '8080', path: '/' },
  classifier: { flag: '--rest', port: '8000', path: '/healthz' },
  batch: { flag: '--port', port: '5001', path: '/' },
  model: { flag: '--port', port: '8000', path: '/' },
};

function target([name = '', ...rest]: readonly string[]): Probe {
  if (name === 'echo') {
    const port = ['--mqtt', '--mqtts', '--ws', '--wss']
      .map((door) => flagValue(rest, door))
      .find((given) => given !== undefined);
    return rest.some((word) => word.startsWith('--broker'))
      ? { what: 'a client' }
      : { url: `tcp://127.0.0.1:${port ?? 1883}`, what: 'broker' };
  }
  const page = pages[name];
  if (page === undefined || rest.includes(`--no-${page.flag.slice(2)}`)) return { what: `target ${name}` };
  const port = flagValue(rest, page.flag) ?? (page.flag === '--port' ? flagValue(rest, '-p') : undefined) ?? page.port;
  return { url: `http://127.0.0.1:${port}${page.path}`, what: `target ${name}` };
}
