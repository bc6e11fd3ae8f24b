import { Agent, get } from 'node:http';

/** What a load saw. */
export interface LoadFigures {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}

/**
 * Sends requests on kept-alive connections, one after another on each.
 *
 * @param url where; the number of the request is put after it
 * @param connections how many at once
 * @param seconds for how long
 * @throws Error if a request is not answered with 200
 */
export async function load(
  url: string,
  connections: number,
  seconds: number,
): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const start = performance.now();
  const end = start + seconds * 1000;
  const millis: number[] = [];
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      await fetchOnce(`${url}/${(millis.length % 100) + 1}`, agent);
      millis.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const elapsed = (performance.now() - start) / 1000;
  agent.destroy();
  millis.sort((a, b) => a - b);
  return {
    requests: millis.length,
    requestsPerSecond: millis.length / elapsed,
    p50Millis: millis[Math.floor(millis.length * 0.5)] ?? NaN,
    p99Millis: millis[Math.floor(millis.length * 0.99)] ?? NaN,
  };
}

function fetchOnce(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once('end', resolve);
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
    }).once('error', reject);
  });
}
