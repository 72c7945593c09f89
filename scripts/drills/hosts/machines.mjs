import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';

const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });

/**
 * Network namespaces as machines with a cable each to a switch, on which this process is as well. To be called in network and
 * mount namespaces that are this process' own.
 * @param {string[]} names
 */
export function startHosts(names) {
  // Where names of namespaces are kept; nobody else is to see these.
  mkdirSync('/run/netns', { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', 'netns', '/run/netns']);
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', 'switch', 'type', 'bridge');
  ip('addr', 'add', '10.77.0.254/24', 'dev', 'switch');
  ip('link', 'set', 'switch', 'up');
  return new Map(names.map((name, i) => [name, startHost(name, `10.77.0.${i + 1}`)]));
}

function startHost(name, address) {
  ip('netns', 'add', name);
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  ip('link', 'set', name, 'master', 'switch', 'up');
  ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  for (const device of ['lo', 'eth0']) ip('-n', name, 'link', 'set', device, 'up');
  return {
    name,
    address,
    /** Pulls its cable, or plugs it in. */
    plug: (on) => ip('link', 'set', name, on ? 'up' : 'down'),
    /** Starts a program on it. What it says goes to a file of the directory `logs`. */
    start(command, { env, logs, log, uid, gid }) {
      mkdirSync(logs, { recursive: true });
      const out = createWriteStream(path.join(logs, `${log}.log`), { flags: 'a' });
      // Machines have names of their own.
      const named = ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', name, ...command];
      const child = spawn('ip', ['netns', 'exec', name, ...named], {
        env,
        cwd: '/',
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(uid !== undefined && { uid, gid }),
      });
      child.stdout.pipe(out);
      child.stderr.pipe(out);
      return child;
    },
  };
}
