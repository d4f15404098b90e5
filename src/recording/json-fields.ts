/** What is looked for in a line of JSON. */
export type Field = 'method' | 'path' | 'query' | 'request' | 'status' | 'time' | 'took' | 'client' | 'agent';

/** Where a field stands: the keys from the outermost on. */
export interface Place {
  readonly keys: readonly string[];
}

/** Where the fields stand in one kind of line. */
export type JsonFields = ReadonlyMap<Field, Place>;

/**
 * Names of the fields, the likelier first, without case and without `_ - @ : $`: those of nginx's `escape=json`
 * formats, Caddy, Envoy, load balancers of clouds, ECS and OpenTelemetry. A dot goes one object deeper.
 */
const names: Readonly<Record<Field, readonly string[]>> = {
  method: [
    ...['method', 'requestmethod', 'httpmethod', 'verb', 'request.method', 'httprequest.requestmethod'],
    ...['http.request.method', 'http.method', 'req.method', 'csmethod', 'httpverb'],
  ],
  path: [
    ...['requesturi', 'uri', 'path', 'url', 'target', 'requestpath', 'requesturl', 'request.uri', 'request.url'],
    ...['request.path', 'httprequest.requesturl', 'url.original', 'url.path', 'http.target', 'http.url', 'req.url'],
    ...['req.path', 'csuristem', 'originalurl', 'xenvoyoriginalpath', 'endpoint'],
  ],
  query: ['args', 'querystring', 'query', 'request.query', 'url.query', 'csuriquery'],
  request: ['request', 'requestline', 'httprequest'],
  status: [
    ...['status', 'statuscode', 'responsecode', 'elbstatuscode', 'httpstatus', 'httprequest.status', 'code'],
    ...['http.response.statuscode', 'http.statuscode', 'response.status', 'response.statuscode', 'res.statuscode'],
    ...['responsestatus', 'scstatus'],
  ],
  time: [
    ...['ts', 'time', 'timestamp', 'starttime', 'timelocal', 'timeiso8601', 'requestcreationtime', 'msec'],
    ...['datetime', 'date', 'timeunix', 'requesttimestamp', 'eventtime', 'startedat', 'start', 'timeepoch', 't'],
  ],
  took: [
    ...['requesttime', 'duration', 'durationms', 'latencyms', 'responsetimems', 'responsetime', 'latency', 'elapsed'],
    ...['elapsedms', 'took', 'timetaken', 'targetprocessingtime', 'httprequest.latency', 'tookms', 'durationseconds'],
  ],
  client: [
    ...['clientip', 'request.clientip', 'xforwardedfor', 'httpxforwardedfor', 'remoteaddr', 'remoteip', 'ip'],
    ...['client', 'request.remoteip', 'request.remoteaddr', 'remotehost', 'downstreamremoteaddress', 'clientaddr'],
    ...['httprequest.remoteip', 'source.ip', 'client.ip', 'client.address', 'source.address', 'sourceip', 'cip'],
    ...['req.remoteaddress', 'peer', 'remoteaddress', 'useripaddress'],
  ],
  agent: [
    ...['useragent', 'httpuseragent', 'agent', 'request.headers.useragent', 'httprequest.useragent', 'ua'],
    ...['useragent.original', 'req.headers.useragent', 'request.useragent', 'csuseragent', 'headers.useragent'],
  ],
};

const deepest = 4;

/** Where the fields stand in lines such as this one. */
export function jsonFields(row: Readonly<Record<string, unknown>>): JsonFields {
  const places = new Map<string, readonly string[]>();
  collect(row, [], places);
  const found = new Map<Field, Place>();
  for (const field of Object.keys(names) as Field[]) {
    for (const name of names[field]) {
      const keys = places.get(name);
      if (keys === undefined) continue;
      found.set(field, { keys });
      break;
    }
  }
  return found;
}

/** All values that are no objects, under the plain forms of their names. */
function collect(value: unknown, keys: readonly string[], places: Map<string, readonly string[]>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if (keys.length === deepest) return;
    for (const [key, inner] of Object.entries(value)) collect(inner, [...keys, key], places);
  } else if (value !== null && value !== '' && value !== '-') {
    const name = keys.map((key) => key.toLowerCase().replace(/[_\-@:$]/g, '')).join('.');
    if (!places.has(name)) places.set(name, keys);
  }
}
