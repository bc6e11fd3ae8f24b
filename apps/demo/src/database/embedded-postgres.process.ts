import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

// Ctrl-C reaches the whole process group, but the application still writes while it shuts down.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());

const server = new PGLiteSocketServer({
  db: await PGlite.create(),
  host: '127.0.0.1',
  port: 0,
  maxConnections: 16,
});
await server.start();
// The callback takes the error of an application that is gone by now: `disconnect` follows.
process.send?.(`postgres://postgres@${server.getServerConn()}/postgres`, () => {});
