import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * A page from the internet that talks to this machine through its visitor's browser, directly or by a name that
 * resolves to it. The control API makes the sandbox send requests, so it listens to local pages only.
 */
export const isForeignPage = ({ host = '', origin }: IncomingHttpHeaders): boolean =>
  !LOOPBACK.has(hostName(host)) || (origin !== undefined && origin !== `http://${host}`);
