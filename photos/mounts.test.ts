import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { parseMounts, remoteType, remoteTypeOf } from './mounts.ts';

const mounts = parseMounts(
  [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '36 22 0:31 / /mnt/nas rw,relatime shared:18 master:2 - nfs4 nas:/photos rw,vers=4.2',
    '37 22 0:32 / /mnt/my\\040disk rw - fuseblk /dev/sdb1 rw',
    '38 37 0:33 / /mnt/my\\040disk/phone rw - fuse.sshfs phone: rw',
    '39 22 0:34 / /mnt/both rw - cifs //nas/both rw',
    '40 39 0:35 / /mnt/both rw - ext4 /dev/sdc1 rw',
    '',
  ].join('\n'),
);

test('the innermost mount says whether a path is on the network', () => {
  assert.equal(remoteType('/mnt/nas', mounts), 'nfs4');
  assert.equal(remoteType('/mnt/nas/2024/may', mounts), 'nfs4');
  assert.equal(remoteType('/mnt/nasty', mounts), null);
  assert.equal(remoteType('/mnt/my disk/camera', mounts), null);
  assert.equal(remoteType('/mnt/my disk/phone/DCIM', mounts), 'fuse.sshfs');
  assert.equal(remoteType('/srv', mounts), null);
});

test('of two mounts at one place the later one counts', () => {
  assert.equal(remoteType('/mnt/both/a', mounts), null);
});

test('a path of this machine is none of the network, nor is one that is not there', async () => {
  assert.equal(await remoteTypeOf(tmpdir()), null);
  assert.equal(await remoteTypeOf('/not/there'), null);
});
