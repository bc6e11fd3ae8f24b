import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => KafkaDecoder;
const Encoder = require('kafkajs/src/protocol/encoder') as new () => KafkaEncoder;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: KafkaDecoder,
) => Promise<{ readonly records: readonly KafkaRecord[] }>;

interface KafkaDecoder {
  readInt16(): number;
  readInt32(): number;
  readString(): string;
  readBytes(length: number): Buffer;
  readArray<T>(read: (decoder: KafkaDecoder) => T): T[];
}

interface KafkaEncoder {
  readonly buffer: Buffer;
  writeInt16(value: number): this;
  writeInt32(value: number): this;
  writeInt64(value: number): this;
  writeBoolean(value: boolean): this;
  writeString(value: string | null): this;
  writeArray(values: readonly KafkaEncoder[]): this;
  writeEncoder(value: KafkaEncoder): this;
}

/** A record as it came over the wire. */
export interface KafkaRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

const [PRODUCE, METADATA, API_VERSIONS] = [0, 3, 18];

/** Speaks as much of Kafka's protocol as a producer needs: one broker, one partition of every topic. */
export class KafkaBroker {
  readonly records: KafkaRecord[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  static async start(): Promise<KafkaBroker> {
    const broker = new KafkaBroker();
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE()) {
        const end = 4 + pending.readInt32BE();
        void this.#respond(socket, pending.subarray(4, end));
        pending = pending.subarray(end);
      }
    });
  }

  async #respond(socket: Socket, request: Buffer): Promise<void> {
    const decoder = new Decoder(request);
    const [api, version] = [decoder.readInt16(), decoder.readInt16()];
    const correlation = decoder.readInt32();
    decoder.readString();
    const body = await this.#handle(api, version, decoder);
    const response = new Encoder().writeInt32(correlation).writeEncoder(body);
    const frame = new Encoder().writeInt32(response.buffer.length).writeEncoder(response);
    socket.write(frame.buffer);
  }

  async #handle(api: number, version: number, request: KafkaDecoder): Promise<KafkaEncoder> {
    if (api === API_VERSIONS) return apiVersions(version);
    if (api === METADATA) return this.#metadata(request.readArray((each) => each.readString()));
    if (api === PRODUCE) return this.#produce(request);
    throw new Error(`The stand-in of Kafka has no request ${api}`);
  }

  #metadata(topics: readonly string[]): KafkaEncoder {
    const ids = () => [new Encoder().writeInt32(1)];
    const partition = () =>
      new Encoder().writeInt16(0).writeInt32(0).writeInt32(1).writeArray(ids()).writeArray(ids());
    const described = topics.map((topic) =>
      new Encoder().writeInt16(0).writeString(topic).writeBoolean(false).writeArray([partition()]),
    );
    const self = new Encoder().writeInt32(1).writeString('127.0.0.1').writeInt32(this.port);
    return new Encoder()
      .writeArray([self.writeString(null)])
      .writeInt32(1)
      .writeArray(described);
  }

  async #produce(request: KafkaDecoder): Promise<KafkaEncoder> {
    request.readString();
    request.readInt16();
    request.readInt32();
    const topics = request.readArray((each) => ({
      name: each.readString(),
      batches: each.readArray((partition) => {
        partition.readInt32();
        return partition.readBytes(partition.readInt32());
      }),
    }));
    for (const batch of topics.flatMap(({ batches }) => batches)) {
      this.records.push(...(await decodeBatch(new Decoder(batch))).records);
    }
    const done = () => new Encoder().writeInt32(0).writeInt16(0).writeInt64(0).writeInt64(-1);
    const responses = topics.map(({ name }) =>
      new Encoder().writeString(name).writeArray([done()]),
    );
    return new Encoder().writeArray(responses).writeInt32(0);
  }
}

function apiVersions(version: number): KafkaEncoder {
  const supported = [
    [PRODUCE, 3, 3],
    [METADATA, 1, 1],
    [API_VERSIONS, 0, 2],
  ] as const;
  const listed = supported.map(([api, from, to]) =>
    new Encoder().writeInt16(api!).writeInt16(from).writeInt16(to),
  );
  const body = new Encoder().writeInt16(0).writeArray(listed);
  return version === 0 ? body : body.writeInt32(0);
}
