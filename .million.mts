import { startHouse } from './tests/support/house.ts';
import { openDatabase } from './sql/database.ts';
import { generateFaces } from './bench/faces-million.ts';
import { mkdirSync, existsSync } from 'node:fs';
const fresh = !existsSync('/tmp/million/data');
mkdirSync('/tmp/million/data', { recursive: true });
const house = await startHouse({ after() {} } as never, { imports: fresh ? ['/tmp/million/lib'] : undefined, dataDir: '/tmp/million/data', port: 4890 });
await house.until('awaiting jobs');
console.log('up');
if (fresh) {
  const sql = openDatabase(house.house().databaseUrl, { max: 2 });
  await generateFaces(sql, 1_000_000, '/tmp/million/faces.f32');
  console.log('generated');
  await house.send('POST', '/api/jobs', { kind: 'identifyPerson' });
  await house.ended('identify/all', 1_200_000);
  console.log('named');
  await sql`VACUUM ANALYZE`;
  await sql.end();
}
process.on('SIGTERM', async () => { await house.stop(); process.exit(0); });
setInterval(() => {}, 1000);
