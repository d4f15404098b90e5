// Lets load threads run from the .ts source: on Node 20 tsx does not follow into worker threads by itself.
import { syncBuiltinESMExports } from 'node:module';
import threads, { Worker, type WorkerOptions } from 'node:worker_threads';

const tsx = import.meta.resolve('tsx/esm/api');

class SourceWorker extends Worker {
  constructor(source: string | URL, options?: WorkerOptions) {
    const isSource = source instanceof URL && source.pathname.endsWith('.ts');
    // The flags of this process are not for the thread: one of them may be this file.
    super(isSource ? bootOf(source) : source, isSource ? { ...options, execArgv: [] } : options);
  }
}

function bootOf(source: URL): URL {
  const text = `import { register } from ${JSON.stringify(tsx)}; register(); await import(${JSON.stringify(source.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

Object.assign(threads, { Worker: SourceWorker });
syncBuiltinESMExports();
