-- The seed model: paths, dirs, files, what was read of their content, settings, log, workers.
-- Names are bytes on Linux, so they are bytea: they compare byte by byte and never mix up case or Unicode forms.

CREATE TABLE root (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('import', 'storage')),
  path       text NOT NULL UNIQUE,
  device     text,                       -- st_dev of the last good scan; another one means another disk is mounted there
  last_scan  timestamptz,
  removed_at timestamptz,                -- taken out of the settings; its rows are kept, so adding it again costs nothing
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dir (
  id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  root_id       integer NOT NULL REFERENCES root ON DELETE CASCADE,
  parent_id     integer REFERENCES dir ON DELETE CASCADE,
  path_prefix   bytea NOT NULL,          -- relative to the root, '' for the root's own dir
  num_files     integer NOT NULL DEFAULT 0,
  num_read      integer NOT NULL DEFAULT 0,  -- of num_files: gone through the thumbs step, with or without success
  num_failed    integer NOT NULL DEFAULT 0,  -- of num_read: with an error
  mtime_ns      bigint,                  -- as last read; NULL: read it again next time, whatever its mtime
  device        text,
  inode         text,
  last_scan     timestamptz,             -- when its entries were last read; NULL: found, not read yet
  error_code    text,
  error_message text,
  missing_since timestamptz,
  UNIQUE (root_id, path_prefix)
);
CREATE INDEX dir_parent ON dir (parent_id);
CREATE INDEX dir_unread ON dir (root_id, id) WHERE last_scan IS NULL AND missing_since IS NULL;
CREATE INDEX dir_work ON dir (root_id, id) WHERE (num_read < num_files OR error_code IS NOT NULL) AND missing_since IS NULL;

-- What one read of some bytes found. Files with equal bytes share it, like they share their thumbnails.
CREATE TABLE content (
  hash          bytea PRIMARY KEY,       -- SHA-256
  thumb         boolean NOT NULL,        -- a tile and a preview were made
  thumbhash     bytea,
  width         integer,                 -- upright pixels
  height        integer,
  orientation   smallint,
  taken_at      timestamp,               -- local time where it was taken
  taken_offset  smallint,                -- minutes east of UTC
  taken_source  text,
  camera        text,
  latitude      double precision,
  longitude     double precision,
  tags          jsonb NOT NULL DEFAULT '{}',
  error_code    text,
  error_message text,
  read_at       timestamptz NOT NULL DEFAULT now()
);

-- Each index makes the first scan of a large library slower: a new file goes into two of them, the others are partial.
CREATE TABLE file (
  id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dir_id        integer NOT NULL REFERENCES dir ON DELETE CASCADE,
  fname         bytea NOT NULL,
  size          bigint NOT NULL,
  mtime_ns      bigint NOT NULL,
  inode         text NOT NULL,
  type          text NOT NULL CHECK (type IN ('image', 'video', 'sidecar', 'other')),
  hash          bytea REFERENCES content,
  taken_at      timestamp,               -- content's, else the file's mtime: the timeline's order
  taken_source  text,
  read_at       timestamptz,             -- NULL: the thumbs step is still to be done
  error_step    text,
  error_code    text,
  error_message text,
  missing_since timestamptz,             -- its dir was really read and it was not there
  UNIQUE (dir_id, fname)
);
CREATE INDEX file_timeline ON file (taken_at DESC, id DESC) WHERE taken_at IS NOT NULL AND missing_since IS NULL AND type IN ('image', 'video');
CREATE INDEX file_hash ON file (hash) WHERE hash IS NOT NULL;
CREATE INDEX file_failed ON file (dir_id, id) WHERE error_code IS NOT NULL AND missing_since IS NULL;

CREATE TABLE setting (
  key   text PRIMARY KEY,
  value jsonb NOT NULL
);

CREATE TABLE log (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  job     text NOT NULL,                 -- workflow id
  root_id integer,
  dir_id  integer,
  file_id integer,
  level   text NOT NULL CHECK (level IN ('info', 'warn', 'error')),
  text    text NOT NULL,
  files   integer NOT NULL DEFAULT 0     -- how many files this line reports as done; the rate is taken from it
);
CREATE INDEX log_job ON log (job, id);
CREATE INDEX log_at ON log (at);

CREATE TABLE worker (
  name       text NOT NULL,
  host       text NOT NULL,
  pid        integer NOT NULL,
  queues     text[] NOT NULL,
  version    text NOT NULL,
  io_class   text NOT NULL,
  niceness   integer NOT NULL,
  memory     bigint NOT NULL,            -- bytes resident
  started_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (host, name)
);
