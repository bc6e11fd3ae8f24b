import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTENING = '0A';
/** Processes that are asked; a machine with more is no developer's. */
const MAX_PROCESSES = 5_000;
const MAX_COMMAND_CHARS = 120;

/**
 * Which process listens on a port, `node main.js (process 42)`, where the system tells: on Linux, of
 * one's own processes.
 */
export async function ownerOfPort(port: number): Promise<string | undefined> {
  try {
    const sockets = await socketsOn(port);
    if (sockets.size === 0) return undefined;
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    for (const pid of pids.slice(0, MAX_PROCESSES)) {
      if (await hasSocket(pid, sockets)) return await describe(pid);
    }
  } catch {
    // Another system, or one that does not tell: the message says what is known without.
  }
  return undefined;
}

async function socketsOn(port: number): Promise<Set<string>> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${hex}`) && fields[3] === LISTENING) {
        sockets.add(`socket:[${fields[9]}]`);
      }
    }
  }
  return sockets;
}

/** Processes of others do not show what they have open. */
async function hasSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const file of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${file}`).catch(() => '');
    if (sockets.has(target)) return true;
  }
  return false;
}

async function describe(pid: string): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const text = command.split('\0').join(' ').trim().slice(0, MAX_COMMAND_CHARS);
  return `${text === '' ? 'a process' : text} (process ${pid})`;
}
