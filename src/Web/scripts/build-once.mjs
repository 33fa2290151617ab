// What `dotnet build` calls: installs and builds what is out of date. Several builds may come at once (two configurations, two test
// projects): they share node_modules and dist, so that one works while the others wait and then find it done.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Tells the caller that not the code is at fault but the place: no package registry within reach, say. */
const notInstalled = 3;
const beat = 1_000;
const abandoned = 10 * beat;
const packages = ['package.json', 'package-lock.json'];
const sources = [...packages, 'tsconfig.json', 'vite.module.ts', 'vite.element.config.ts', 'vite.client.config.ts', 'vite.ui.config.ts', 'scripts', 'src'];

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (!isBuilt('node_modules', packages) || !isBuilt('dist', sources)) {
  process.exitCode = await alone(async () => {
    if (!isBuilt('node_modules', packages)) {
      if (await npm('ci', '--no-audit', '--no-fund', '--loglevel=error') !== 0) {
        return notInstalled;
      }

      markBuilt('node_modules', packages);
    }

    if (!isBuilt('dist', sources)) {
      const code = await npm('run', 'build', '--silent');
      if (code !== 0) {
        return code;
      }

      markBuilt('dist', sources);
    }

    return 0;
  });
}

/** By content, not by time: a switch of branches and back builds nothing twice, and a file that went counts too. */
function digest(of) {
  const hash = createHash('sha256').update(process.version);
  for (const path of of.flatMap(filesIn)) {
    hash.update(`\n${path}\n`).update(readFileSync(path));
  }

  return hash.digest('hex');
}

function filesIn(path) {
  return statSync(path).isDirectory() ? readdirSync(path).sort().flatMap(name => filesIn(`${path}/${name}`)) : [path];
}

function isBuilt(folder, from) {
  try {
    return readFileSync(`${folder}/.built-from`, 'utf8') === digest(from);
  } catch {
    return false;
  }
}

function markBuilt(folder, from) {
  writeFileSync(`${folder}/.built-from`, digest(from));
}

function npm(...words) {
  return new Promise((resolve, reject) => {
    // On Windows npm is a script, which only a shell starts. The words are all our own.
    const command = spawn(['npm', ...words].join(' '), { shell: true, stdio: 'inherit' });
    command.once('error', reject).once('close', code => resolve(code ?? 1));
  });
}

/** A folder is made by one process only. Its time tells the others that this one lives. */
async function alone(work) {
  const lock = '.building';
  while (!take(lock)) {
    await delay(100);
    if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > abandoned) {
      rmSync(lock, { recursive: true, force: true });
    }
  }

  const beating = setInterval(() => utimesSync(lock, new Date(), new Date()), beat);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => process.exit(1));
  }

  process.once('exit', () => rmSync(lock, { recursive: true, force: true }));
  try {
    return await work();
  } finally {
    clearInterval(beating);
  }
}

function take(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') {
      return false;
    }

    throw error;
  }
}
