import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A folder with an application's files and the packages of this workspace, `nestjs-tracing` built. */
export class ApplicationFolder {
  private constructor(readonly path: string) {}

  /** @param files texts by their paths within the folder */
  static async create(files: Readonly<Record<string, string>>): Promise<ApplicationFolder> {
    const folder = new ApplicationFolder(await mkdtemp(join(tmpdir(), 'offload-')));
    await symlink(MODULES, folder.file('node_modules'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(folder.file(name)), { recursive: true });
      await writeFile(folder.file(name), text);
    }
    return folder;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true });
  }
}
