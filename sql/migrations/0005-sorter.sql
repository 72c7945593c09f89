-- The sorter: where files of a storage path belong, plans of moves, and how far each move is. And whether what is stored is
-- still what was read.

ALTER TABLE root
  ADD COLUMN sorting    jsonb,    -- a storage path's pattern and rules; NULL: the usual ones
  ADD COLUMN checked_to integer;  -- number of the file that was compared with its hash last; NULL: begins with the first

-- Adds up how often the product itself moved files here or away: what a scan read before that is not stored.
ALTER TABLE dir ADD COLUMN moves integer NOT NULL DEFAULT 0;

CREATE TABLE move_plan (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  root_id     integer NOT NULL REFERENCES root ON DELETE CASCADE,  -- the storage path that files go to
  wanted      jsonb NOT NULL,            -- what a person asked for: which files, where to, what about clashes
  sorting     jsonb NOT NULL,            -- the storage path's pattern and rules when it was made
  state       text NOT NULL DEFAULT 'making' CHECK (state IN ('making', 'draft', 'approved', 'done', 'discarded')),
  changes     integer NOT NULL DEFAULT 0,  -- how often a person changed the draft: what was made of an earlier one does not count
  made_at     timestamptz NOT NULL DEFAULT now(),
  approved_at timestamptz,
  ended_at    timestamptz
);

-- What a person decided for single pictures of a plan; it is made anew with it.
CREATE TABLE move_choice (
  plan_id integer NOT NULL REFERENCES move_plan ON DELETE CASCADE,
  unit    integer NOT NULL,
  choice  text CHECK (choice IN ('skip', 'leave', 'keep both')),
  to_dir  text,                          -- below the storage path, in place of the pattern
  PRIMARY KEY (plan_id, unit)
);

-- One file of a plan: also those that stay, each with its reason. This is the journal of the move: no step is taken on disk
-- before what is needed to finish it, or to take it back, is here.
CREATE TABLE move (
  id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id       integer NOT NULL REFERENCES move_plan ON DELETE CASCADE,
  unit          integer NOT NULL,        -- number of the picture whose part it is: these go as one
  file_id       integer REFERENCES file ON DELETE SET NULL,
  from_root_id  integer NOT NULL REFERENCES root ON DELETE CASCADE,
  from_prefix   bytea NOT NULL,
  from_name     bytea NOT NULL,
  to_prefix     bytea NOT NULL,
  to_name       bytea NOT NULL,
  place_key     text NOT NULL,           -- two paths that some file system takes for one have the same
  size          bigint NOT NULL,         -- as it was when it was planned
  mtime_ns      bigint NOT NULL,
  inode         text NOT NULL,
  hash          bytea,
  now_mtime_ns  bigint,                  -- as it is at its new place
  now_inode     text,
  why           jsonb,                   -- of a unit's first file: what its place was made of
  notes         text[] NOT NULL DEFAULT '{}',
  left_because  text CHECK (left_because IN ('duplicate', 'name taken', 'chosen', 'ignored name', 'in place', 'no photo', 'not read')),
  for_good      boolean NOT NULL DEFAULT false,  -- later plans do not ask about it again
  state         text NOT NULL CHECK (state IN ('planned', 'left', 'moving', 'moved', 'failed', 'undone')),
  back          boolean NOT NULL DEFAULT false,  -- a person wants it back where it was
  begun         boolean NOT NULL DEFAULT false,  -- something of the move may be on disk: it is taken up from there
  copy_inode    text,                    -- of the compared copy on another disk, while it moves
  error_code    text,
  error_message text,
  CHECK ((state = 'left') = (left_because IS NOT NULL))
);
CREATE INDEX move_listed ON move (plan_id, id);
CREATE INDEX move_due ON move (plan_id, unit, id) WHERE state IN ('planned', 'moving') AND NOT back;
CREATE INDEX move_due_back ON move (plan_id, unit, id) WHERE state IN ('moved', 'moving') AND back;
CREATE INDEX move_to ON move (plan_id, to_prefix, to_name, id);
CREATE INDEX move_file ON move (file_id);
CREATE UNIQUE INDEX move_place ON move (plan_id, place_key) WHERE state <> 'left';
CREATE UNIQUE INDEX move_moving ON move (file_id) WHERE state = 'moving';  -- by one plan at a time

-- Dirs that a plan made in its storage path: they go again when it is taken back, if nothing else is in them.
CREATE TABLE move_dir (
  plan_id integer NOT NULL REFERENCES move_plan ON DELETE CASCADE,
  prefix  bytea NOT NULL,
  PRIMARY KEY (plan_id, prefix)
);
