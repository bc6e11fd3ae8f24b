import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An authority made for one test run, and what it has signed for `localhost`. PEM files, by path. */
export class Certificates {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tracing-tls-'));

  constructor() {
    writeFileSync(this.path('san.cnf'), 'subjectAltName=DNS:localhost');
    for (const authority of ['ca', 'other-ca']) this.#selfSigned(authority);
    for (const name of ['server', 'client']) this.#signed(name);
  }

  path(file: string): string {
    return join(this.#folder, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #selfSigned(name: string): void {
    this.#openssl(
      `req -x509 -days 2 -subj /CN=${name} ${NEW_KEY} -keyout ${name}.key -out ${name}.crt`,
    );
  }

  #signed(name: string): void {
    this.#openssl(`req -subj /CN=localhost ${NEW_KEY} -keyout ${name}.key -out ${name}.csr`);
    this.#openssl(
      `x509 -req -days 2 -in ${name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile san.cnf -out ${name}.crt`,
    );
  }

  #openssl(command: string): void {
    execFileSync('openssl', command.split(' '), { cwd: this.#folder, stdio: 'ignore' });
  }
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
