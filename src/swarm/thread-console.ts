import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { writeRecord } from '../log.ts';

/** A console whose lines are lines of the log: what user code prints is on the web UI's Logs tab, too. */
export function logConsole(): Console {
  return new Console({ stdout: lineWriter('INFO'), stderr: lineWriter('WARNING') });
}

function lineWriter(level: 'INFO' | 'WARNING'): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done): void {
      writeRecord({ time: Date.now(), level, text: chunk.replace(/\n$/, '') });
      done();
    },
  });
}
