// Systems under test, embedded, to try katydid on: each listens on one port or several until it is told to end.
/** One way into a target: a server on a port of its own. */
export interface Listener {
  /** What is spoken there. */
  readonly protocol: 'http' | 'grpc' | 'mqtt' | 'mqtts' | 'ws' | 'wss';
  /** Listens, on a port that is free if `port` is 0; resolves to the port, rejects if it is taken. */
  listen(address: string, port: number): Promise<number>;
  /** Takes nothing new; resolves when what was begun has ended, or was cut off after `grace` seconds. */
  close(grace: number): Promise<void>;
}
