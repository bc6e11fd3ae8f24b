import { request } from 'node:http';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import multipart from '@fastify/multipart';
import { Controller, Post, Req, UploadedFiles, UseInterceptors } from '@nestjs/common';
import { FilesInterceptor } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';

/** The spans that were active when a piece of a file was written, by the size that its upload had. */
const writers = new Map<string, Set<string | undefined>>();

/** Takes a file piece by piece, as storage of one's own would. */
function storage(name: string): Writable {
  const seen = new Set<string | undefined>();
  writers.set(name, seen);
  return new Writable({
    write(_piece, _encoding, done) {
      seen.add(trace.getActiveSpan()?.spanContext().spanId);
      done();
    },
  });
}

class MulterStorage {
  _handleFile(
    _request: unknown,
    file: { originalname: string; stream: NodeJS.ReadableStream },
    done: (error: unknown, info?: object) => void,
  ): void {
    pipeline(file.stream, storage(file.originalname)).then(() => done(null, {}), done);
  }

  _removeFile(_request: unknown, _file: unknown, done: (error: null) => void): void {
    done(null);
  }
}

@Controller()
class ExpressUploadController {
  @Post('upload')
  @UseInterceptors(FilesInterceptor('file', 3, { storage: new MulterStorage() }))
  @Traced()
  async upload(@UploadedFiles() files: readonly unknown[]): Promise<number> {
    return files.length;
  }
}

@Controller()
class FastifyUploadController {
  @Post('upload')
  @Traced()
  async upload(@Req() request: { files(): AsyncIterable<MultipartFile> }): Promise<number> {
    let count = 0;
    for await (const part of request.files()) {
      await pipeline(part.file, storage(part.filename));
      count += 1;
    }
    return count;
  }
}

/** Two files of different sizes, so that uploads end in another order than they began. */
function form(user: number): FormData {
  const data = new FormData();
  for (const n of [1, 2]) {
    data.append('file', new Blob([Buffer.alloc(user * 200_000, 'z')]), `${user}-${n}.bin`);
  }
  return data;
}

const CONTROLLERS = { express: ExpressUploadController, fastify: FastifyUploadController };
const USERS = [1, 2, 3, 4, 5];

describe.each(PLATFORMS)('uploads of files, on %s', (platform) => {
  let app: HttpApp;
  beforeAll(async () => {
    const adapter = new FastifyAdapter();
    app = await HttpApp.start(platform, {
      controllers: [CONTROLLERS[platform]],
      tracing: { http: { outgoing: false } },
      ...(platform === 'fastify' && { adapter }),
      prepare: () => platform === 'fastify' && void adapter.register(multipart as never),
    });
  });
  afterEach(() => app.spans.noneOpen());
  afterAll(() => app.close());

  it('H1 run inside the span of their request, to the last piece', async () => {
    writers.clear();
    const answers = await Promise.all(
      USERS.map((user) => fetch(`${app.url}/upload`, { method: 'POST', body: form(user) })),
    );
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(USERS.map(() => '2'));
    const servers = await app.spans.many('POST /upload', USERS.length);
    const handlers = app.spans.finished.filter(({ name }) => name.endsWith('.upload'));
    expect(handlers).toHaveLength(USERS.length);
    const requests = servers.map((server) => [
      server.spanContext().spanId,
      ...handlers.filter((handler) => isChild(handler, server)).map((h) => h.spanContext().spanId),
    ]);
    expect(requests.every((ids) => ids.length === 2)).toBe(true);
    for (const user of USERS) {
      const seen = [1, 2].flatMap((n) => [...writers.get(`${user}-${n}.bin`)!]);
      expect(requests.filter((ids) => seen.every((id) => ids.includes(id!)))).toHaveLength(1);
    }
  });

  it('H2 that break off are recorded, and end', async () => {
    const call = request(`${app.url}/upload`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '100000' },
    });
    call.on('error', () => undefined);
    call.write('--x\r\nContent-Disposition: form-data; name="file"; filename="9-1.bin"\r\n\r\nabc');
    await expect.poll(() => app.spans.open.size).toBeGreaterThan(0);
    app.spans.finished.length = 0;
    call.destroy();
    const server = await app.spans.one('POST /upload');
    expect(server.attributes).toMatchObject({ 'async.http.client_disconnected': true });
  });
});
