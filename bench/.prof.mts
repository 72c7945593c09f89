// where the time goes per picture, native one thread
process.env.TF_NUM_INTRAOP_THREADS='1'; process.env.TF_NUM_INTEROP_THREADS='1';
const sharp=(await import('sharp')).default; sharp.concurrency(1); sharp.cache(false);
const { loadBackend } = await import('/tmp/faces/faces/backend.ts');
const { loadNetworks } = await import('/tmp/faces/faces/networks.ts');
const { openPicture } = await import('/tmp/faces/faces/picture.ts');
const { detectFaces } = await import('/tmp/faces/faces/detect.ts');
const { describeFaces } = await import('/tmp/faces/faces/describe.ts');
const backend = await loadBackend((process.argv[2] as never) ?? 'tensorflow');
const real = await loadNetworks(backend);
let acc: Record<string, number> = {}; let cnt: Record<string, number> = {};
const add=(k:string,ms:number,n=1)=>{acc[k]=(acc[k]??0)+ms;cnt[k]=(cnt[k]??0)+n;};
let largeCalls=0;
const wrap=(k:string,fn:any)=>async(...a:any[])=>{const name=k==='large'?(largeCalls++===0?'net large whole':'net large tiles'):'net '+k;const s=process.cpuUsage();const t=performance.now();const r=await fn(...a);const c=process.cpuUsage(s);add(name,performance.now()-t,Array.isArray(a[0])?a[0].length:1);add('cpu '+name,(c.user+c.system)/1000,1);return r;};
const networks={findLarge:wrap('large',real.findLarge),findSmall:wrap('small',real.findSmall),landmarks:wrap('landmarks',real.landmarks),describe:wrap('describe',real.describe),tensors:real.tensors} as typeof real;
const files=process.argv.slice(3);
const settings={minScore:0.25,minSize:16,tiles:'as needed'} as const;
for (let round=0; round<3; round++) for (const f of files) {
  acc={};cnt={};largeCalls=0;
  const lap=async<T>(k:string,fn:()=>Promise<T>)=>{const s=process.cpuUsage();const t=performance.now();const r=await fn();const c=process.cpuUsage(s);add(k,performance.now()-t);add('cpu '+k,(c.user+c.system)/1000);return r;};
  const pic=await lap('decode',()=>openPicture(f));
  const d=await lap('detect',()=>detectFaces(networks,pic,settings));
  await lap('describe',()=>describeFaces(networks,pic,d.boxes));
  if(round===0) continue;
  const r=Object.entries(acc).map(([k,v])=>`${k} ${v.toFixed(0)}${cnt[k]!>1?`(${cnt[k]})`:''}`).join(', ');
  console.log(f.split('/').pop(),pic.width+'x'+pic.height,d.boxes.length,'faces:',r);
}
