import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectDir } from '../config.ts';
import { environmentNames } from './support/environment-names.ts';

const files = ['photo-assistant.service', 'photo-assistant-worker@.service'].map((name) =>
  path.join(projectDir, 'deploy', name),
);

/** The settings of a unit: `Name=value`, of which some come several times. */
const settingsOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1, 3).join('=') ?? []);

test('the units confine what they run, and hand over secrets as credentials', () => {
  for (const file of files) {
    const settings = settingsOf(file);
    for (const wanted of [
      'User=photo-assistant',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'ProtectSystem=strict',
      'ProtectHome=read-only',
      'PrivateTmp=yes',
      'RestrictNamespaces=yes',
      'SystemCallFilter=@system-service',
      'StateDirectoryMode=0700',
    ])
      assert.ok(settings.includes(wanted), `${file}: ${wanted}`);
    const given = settings
      .filter((each) => each.startsWith('Environment='))
      .flatMap((each) => each.slice(12).split(' '));
    const credentials = settings.flatMap((each) => /^LoadCredential=([\w-]+):\//.exec(each)?.[1] ?? []);
    for (const [name = '', value = ''] of given.map((each) => each.split('='))) {
      assert.ok(['NODE_ENV', 'PATH'].includes(name) || environmentNames.includes(name), name);
      if (/PASSWORD|TOKEN/.test(name)) assert.ok(credentials.includes(value.replace('%d/', '')), `${name}=${value}`);
    }
  }
});

test('a worker takes only what nobody else wants', () => {
  const settings = settingsOf(files[1] ?? '');
  for (const wanted of ['IOSchedulingClass=idle', 'Nice=19', 'CPUWeight=idle', 'Restart=always'])
    assert.ok(settings.includes(wanted), wanted);
});

test('systemd understands them, and finds them confined', (t) => {
  if (spawnSync('systemd-analyze', ['--version']).error) return t.skip('this needs systemd-analyze');
  for (const file of files) {
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    const said = stderr.split('\n').filter((line) => line.includes(path.basename(file, '.service')));
    assert.deepEqual(said, [], file);
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
      encoding: 'utf8',
    });
    const exposure = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1];
    assert.ok(Number(exposure) < 2.5, `${file}: ${exposure}`);
  }
});
