import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { CodedError, reportOf } from './model/errors.ts';
import { parsePathMap, type PathMap } from './model/path-map.ts';

const pathMapIs = 'pairs of absolute paths, such as /photos=/mnt/nas/photos;/dump=/mnt/dump';
const tokenPattern = '^[\\x21-\\x7e]{24,200}$';
const tokenIs = 'at least 24 characters, none of them a space';

/** The environment variables that are read. A description says what is accepted, and is shown when a value is not. */
const Environment = Type.Object({
  PORT: Type.Integer({ minimum: 1, maximum: 65535, default: 4800, description: 'a whole number from 1 to 65535' }),
  HOST: Type.String({
    pattern: '^[A-Za-z0-9._:%-]+$',
    default: '127.0.0.1',
    description: 'a name or address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them',
  }),
  PHOTO_ASSISTANT_DATA: Type.Optional(
    Type.String({ pattern: '^[^\\u0000-\\u001f]+$', description: 'the path of a directory' }),
  ),
  DATABASE_URL: Type.Optional(
    Type.String({ pattern: '^postgres(ql)?://\\S+$', description: 'an address like postgres://user:password@host/db' }),
  ),
  DATABASE_PASSWORD_FILE: Type.Optional(Type.String({ description: 'a file that holds the password of DATABASE_URL' })),
  TEMPORAL_ADDRESS: Type.Optional(
    Type.String({
      pattern: '^(\\[[0-9A-Fa-f:.]+\\]|[^\\s:/]+):[0-9]{1,5}$',
      description: 'host:port, such as 127.0.0.1:7233',
    }),
  ),
  PHOTO_ASSISTANT_TENSORFLOW: Type.Enum(['tensorflow', 'wasm'], {
    default: 'tensorflow',
    description: 'tensorflow, which is native code and falls back to WebAssembly where it does not load, or wasm',
  }),
  PHOTO_ASSISTANT_PASSWORD: Type.Optional(
    Type.String({ pattern: '^[^\\u0000-\\u001f]{8,200}$', description: 'a password of 8 to 200 characters' }),
  ),
  PHOTO_ASSISTANT_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^\\s/]+/?$', description: 'an address like https://photos.example.org' }),
  ),
  PHOTO_ASSISTANT_PROXIES: Type.Optional(
    Type.String({
      pattern: '^[0-9A-Fa-f.:/]+(,[0-9A-Fa-f.:/]+)*$',
      description: 'addresses of proxies with commas between, such as 127.0.0.1,10.0.0.0/8',
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({ pattern: '^https?://\\S+$', description: 'an address like http://127.0.0.1:4318' }),
  ),
  TEMPORAL_NAMESPACE: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$',
    default: 'photo-assistant',
    description: 'a name of letters, digits, dots, dashes and underscores, at least two',
  }),
  TEMPORAL_UI: Type.Optional(
    Type.String({ pattern: '^https?://[^\\s?#]+$', description: 'an address like https://temporal.example.org' }),
  ),
  PHOTO_ASSISTANT_PASSWORD_FILE: Type.Optional(Type.String({ description: 'a file that holds the password' })),
  PHOTO_ASSISTANT_PATH_MAP: Type.Optional(Type.String({ description: pathMapIs })),
  PHOTO_ASSISTANT_WEB: Type.Optional(
    Type.String({
      pattern: '^https?://[A-Za-z0-9._:%\\[\\]-]+/?$',
      description: "the page's address, such as http://photos.home:4800",
    }),
  ),
  PHOTO_ASSISTANT_WORKER_TOKEN: Type.Optional(Type.String({ pattern: tokenPattern, description: tokenIs })),
  PHOTO_ASSISTANT_WORKER_TOKEN_FILE: Type.Optional(Type.String({ description: 'a file that holds the token' })),
});
type Environment = Static<typeof Environment>;

/** How this run is configured, and the places below its data folder. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Someone else's Postgres. Absent: the house runs its own. */
  readonly databaseUrl: string | undefined;
  /** Someone else's Temporal server. Absent: the house runs its own. */
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string;
  /** Temporal's own page, where people reach it. Absent: the house's own, if only this machine reaches both. */
  readonly temporalUi: string | undefined;
  /** What computes the networks that find faces. */
  readonly tensorflow: 'tensorflow' | 'wasm';
  /** The password of the account `owner`. Absent: it stays as it is. */
  readonly password: string | undefined;
  /** Where people reach the page from elsewhere. */
  readonly publicUrl: string | undefined;
  /** Addresses whose word is taken for who asks, and how; false: nobody's. */
  readonly trustedProxies: string[] | false;
  /** Where traces are sent, over OTLP. Absent: there are none. */
  readonly tracesTo: string | undefined;
  /** Where paths of the main machine lie on this one. */
  readonly pathMap: PathMap;
  /** What workers show the web server to be given thumbnails, and to give it some. Absent: it serves no workers. */
  readonly workerToken: string | undefined;
  /** The web server that keeps a worker's thumbnails. Absent: they are in its own data folder, which all may share. */
  readonly thumbsServer: string | undefined;
  readonly thumbsDir: string;
  readonly logsDir: string;
  readonly tempDir: string;
  /** A directory for each trial of uploaded files; gone with the next start. */
  readonly trialsDir: string;
  readonly houseFile: string;
}

/**
 * Reads the environment. An empty variable counts as not set. A relative data folder is taken from where the user
 * stands (npm changes the working directory and leaves the original in INIT_CWD). Throws config.invalid.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const read = parse(env);
  const workerToken = tokenOf(read);
  if (read.PHOTO_ASSISTANT_WEB !== undefined && workerToken === undefined) {
    throw new CodedError('config.invalid', 'PHOTO_ASSISTANT_WEB is set, but PHOTO_ASSISTANT_WORKER_TOKEN is not.');
  }
  const dataDir = path.resolve(env.INIT_CWD ?? process.cwd(), read.PHOTO_ASSISTANT_DATA ?? defaultDataDir(env));
  return Object.freeze({
    port: read.PORT,
    host: read.HOST,
    dataDir,
    databaseUrl: databaseUrl(read),
    temporalAddress: read.TEMPORAL_ADDRESS,
    temporalNamespace: read.TEMPORAL_NAMESPACE,
    temporalUi: read.TEMPORAL_UI?.replace(/\/$/, ''),
    tensorflow: read.PHOTO_ASSISTANT_TENSORFLOW,
    password: passwordOf(read),
    publicUrl: read.PHOTO_ASSISTANT_URL,
    trustedProxies: read.PHOTO_ASSISTANT_PROXIES?.split(',') ?? false,
    tracesTo: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    pathMap: pathMap(read.PHOTO_ASSISTANT_PATH_MAP),
    workerToken,
    thumbsServer: read.PHOTO_ASSISTANT_WEB?.replace(/\/$/, ''),
    thumbsDir: path.join(dataDir, 'thumbs'),
    logsDir: path.join(dataDir, 'logs'),
    tempDir: path.join(dataDir, 'temp'),
    trialsDir: path.join(dataDir, 'temp', 'trials'),
    houseFile: path.join(dataDir, 'house.json'),
  });
}

/** The address of the page for a browser on this machine. */
export function pageAddress({ host, port }: Pick<Config, 'host' | 'port'>): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The directory of the project: the one with its package.json, whether this runs from sources or from dist/. */
export const projectDir = existsSync(path.join(import.meta.dirname, 'package.json'))
  ? import.meta.dirname
  : path.dirname(import.meta.dirname);

/** This program's version; what was built says by a mark behind it of which sources. Only equal ones may run side by side. */
export const version: string = readVersion();

function readVersion(): string {
  const file = path.join(projectDir, 'package.json');
  const ofPackage = Value.Parse(
    Type.Object({ version: Type.String() }),
    JSON.parse(readFileSync(file, 'utf8')),
  ).version;
  const mark = path.join(import.meta.dirname, '.build-mark');
  return existsSync(mark) ? `${ofPackage}+${readFileSync(mark, 'utf8')}` : ofPackage;
}

function parse(env: NodeJS.ProcessEnv): Environment {
  const given: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries<Type.TSchema & { description?: string }>(Environment.properties)) {
    const text = env[name]?.trim();
    if (text === undefined || text === '') continue;
    const value = name === 'PORT' && /^\d+$/.test(text) ? Number(text) : text;
    if (!Value.Check(schema, value)) {
      throw new CodedError(
        'config.invalid',
        `${name} ${/(PASSWORD|TOKEN)$/.test(name) ? 'is not told here' : `is ${shown(text)}`}, but must be ${schema.description}.`,
      );
    }
    given[name] = value;
  }
  return Value.Parse(Environment, Value.Default(Environment, given));
}

function pathMap(text = ''): PathMap {
  const map = parsePathMap(text);
  if (map) return map;
  throw new CodedError('config.invalid', `PHOTO_ASSISTANT_PATH_MAP is ${shown(text)}, but must be ${pathMapIs}.`);
}

/** The database's address with its password, which may be in a file of its own. */
function databaseUrl({ DATABASE_URL, DATABASE_PASSWORD_FILE }: Environment): string | undefined {
  if (DATABASE_PASSWORD_FILE === undefined) return DATABASE_URL;
  if (DATABASE_URL === undefined) {
    throw new CodedError('config.invalid', 'DATABASE_PASSWORD_FILE is set, but DATABASE_URL is not.');
  }
  const url = new URL(DATABASE_URL);
  url.password = encodeURIComponent(secret('DATABASE_PASSWORD_FILE', DATABASE_PASSWORD_FILE));
  return url.href;
}

function passwordOf({ PHOTO_ASSISTANT_PASSWORD: password, PHOTO_ASSISTANT_PASSWORD_FILE: file }: Environment) {
  return file === undefined ? password : secret('PHOTO_ASSISTANT_PASSWORD_FILE', file);
}

function tokenOf({ PHOTO_ASSISTANT_WORKER_TOKEN: token, PHOTO_ASSISTANT_WORKER_TOKEN_FILE: file }: Environment) {
  if (file === undefined) return token;
  const kept = secret('PHOTO_ASSISTANT_WORKER_TOKEN_FILE', file);
  if (new RegExp(tokenPattern).test(kept)) return kept;
  throw new CodedError('config.invalid', `The token in ${file} must be ${tokenIs}.`);
}

/** A secret from the file that a variable names, without white space around it. Throws config.invalid. */
function secret(name: string, file: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text !== '') return text;
  } catch (error) {
    throw new CodedError('config.invalid', `${name}: ${reportOf(error).message}`, { cause: error });
  }
  throw new CodedError('config.invalid', `${name}: there is nothing in ${file}.`);
}

/** A value for a message; the password of an address stays out of it. */
const shown = (text: string) => JSON.stringify(text.replace(/(:\/\/[^:/@\s]*:)[^@\s]*@/, '$1…@'));

function defaultDataDir(env: NodeJS.ProcessEnv): string {
  const home = env.HOME ?? os.homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'photo-assistant');
  const dataHome = env.XDG_DATA_HOME;
  // The XDG specification says that a relative path is to be ignored.
  return path.join(
    dataHome && path.isAbsolute(dataHome) ? dataHome : path.join(home, '.local', 'share'),
    'photo-assistant',
  );
}
