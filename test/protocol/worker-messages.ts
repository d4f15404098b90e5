import type { EntryReport, StatsMessage, WorkerMessage } from '../../src/protocol/message.ts';

const start = 1795246983.25;
const second = 1795246983;

/** An entry in which nothing happened but this. */
export function entry(fields: Partial<EntryReport>): EntryReport {
  return {
    name: '/',
    method: 'GET',
    numRequests: 0,
    numNoneRequests: 0,
    numFailures: 0,
    totalResponseTime: 0,
    maxResponseTime: 0,
    minResponseTime: null,
    totalContentLength: 0,
    responseTimes: new Map(),
    requestsPerSecond: new Map(),
    failuresPerSecond: new Map(),
    startTime: start,
    lastRequestTimestamp: null,
    ...fields,
  };
}

const serverError = "HTTPError('500 Server Error: Internal Server Error for url: /cart/[item]')";
const strangeError = 'it\'s "ça"\n\t\\ \u2028 🦀';

/** The requests of golden.py. */
export const report: StatsMessage = {
  type: 'stats',
  stats: {
    entries: [
      entry({
        numRequests: 4,
        numFailures: 2,
        totalResponseTime: 145 + 2.5 + 7 + 145.625,
        maxResponseTime: 145.625,
        minResponseTime: 2.5,
        totalContentLength: 1000 + 200 + 4294967296 + 1,
        responseTimes: new Map([
          [140, 1],
          [2, 1],
          [7, 1],
          [150, 1],
        ]),
        requestsPerSecond: new Map([
          [second, 2],
          [second + 2, 2],
        ]),
        failuresPerSecond: new Map([[second + 2, 2]]),
        lastRequestTimestamp: start + 2.5,
      }),
      entry({
        name: '/cart/[item]',
        method: 'POST',
        numRequests: 2,
        numFailures: 1,
        totalResponseTime: 99.5 + 12345.678,
        maxResponseTime: 12345.678,
        minResponseTime: 99.5,
        totalContentLength: 70000,
        responseTimes: new Map([
          [100, 1],
          [12000, 1],
        ]),
        requestsPerSecond: new Map([
          [second + 1, 1],
          [second + 2, 1],
        ]),
        failuresPerSecond: new Map([[second + 1, 1]]),
        startTime: start + 1.25,
        lastRequestTimestamp: start + 1.75,
      }),
      entry({
        name: 'téléphone ☎',
        method: 'MQTT',
        numRequests: 1,
        numNoneRequests: 1,
        requestsPerSecond: new Map([[second + 2, 1]]),
        startTime: start + 2.25,
        lastRequestTimestamp: start + 2.25,
      }),
    ],
    total: entry({
      name: 'Aggregated',
      method: '',
      numRequests: 7,
      numNoneRequests: 1,
      numFailures: 3,
      totalResponseTime: 145 + 2.5 + 99.5 + 12345.678 + 7 + 145.625,
      maxResponseTime: 12345.678,
      minResponseTime: 2.5,
      totalContentLength: 1000 + 200 + 70000 + 4294967296 + 1,
      responseTimes: new Map([
        [140, 1],
        [2, 1],
        [100, 1],
        [12000, 1],
        [7, 1],
        [150, 1],
      ]),
      requestsPerSecond: new Map([
        [second, 2],
        [second + 1, 1],
        [second + 2, 4],
      ]),
      failuresPerSecond: new Map([
        [second + 1, 1],
        [second + 2, 2],
      ]),
      lastRequestTimestamp: start + 2.5,
    }),
    errors: [
      {
        name: '/cart/[item]',
        method: 'POST',
        error: serverError,
        occurrences: 1,
        firstSeen: start + 1.25,
        lastSeen: start + 1.25,
      },
      { name: '/', method: 'GET', error: strangeError, occurrences: 2, firstSeen: start + 2, lastSeen: start + 2.5 },
    ],
  },
  userClassesCount: new Map([
    ['ShopUser', 3],
    ['Größe', 0],
    ['constructor', 40000],
  ]),
  userCount: 40003,
};

/** The custom data of golden.py. */
export const customData: Readonly<Record<string, unknown>> = {
  text: '漢',
  none: undefined,
  yes: true,
  no: false,
  ints: [0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740991],
  negatives: [-1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9007199254740991],
  floats: [0.1, -2.5, 1e300],
  huge: [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n],
  bin: Uint8Array.from({ length: 256 }, (_, index) => index),
  'long text': 'x'.repeat(300),
  list: Array.from({ length: 20 }, (_, index) => index),
  map: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, index])),
  at: new Date('2026-01-31T23:59:58.123Z'),
  empty: [{}, new Set(), '', new Uint8Array()],
};

/** Each as golden.py has it. */
export const messages: Readonly<Record<string, WorkerMessage>> = {
  clientReady: { type: 'clientReady' },
  heartbeat: { type: 'heartbeat', state: 'running', cpuUsage: 12.5, memoryUsage: 123456789 },
  stats: report,
  spawning: { type: 'spawning' },
  spawningComplete: {
    type: 'spawningComplete',
    userClassesCount: new Map([
      ['ShopUser', 3],
      ['RestUser', 0],
    ]),
    userCount: 3,
  },
  clientStopped: { type: 'clientStopped' },
  quit: { type: 'quit' },
  exception: { type: 'exception', message: 'boom 💥', traceback: '  File "a.py", line 1\n'.repeat(20) },
  logs: { type: 'logs', lines: ['one', 'two'] },
  custom: { type: 'custom', messageType: 'custom', data: customData },
  integerKeys: {
    type: 'custom',
    messageType: 'integerKeys',
    data: new Map<unknown, unknown>([
      [150, 2],
      ['150', 3],
      [-7, 1],
      [1795246983n, 4],
      [true, 5],
    ]),
  },
};
