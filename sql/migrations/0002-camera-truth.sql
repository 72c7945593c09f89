-- What a file is of: when, where, with what, and which files are one picture. All files are read again, for the earlier
-- version kept too little of them.

UPDATE file SET hash = NULL, read_at = NULL, error_step = NULL, error_code = NULL, error_message = NULL;
UPDATE dir SET num_read = 0, num_failed = 0;
DELETE FROM content;

ALTER TABLE content
  DROP COLUMN taken_source,
  ADD COLUMN taken_zone      text,                   -- IANA, of the position
  ADD COLUMN taken_source    text,
  ADD COLUMN taken_certainty text CHECK (taken_certainty IN ('certain', 'likely', 'uncertain')),
  ADD COLUMN passed_dates    jsonb NOT NULL DEFAULT '[]',  -- dates that cannot be true: source, value, why
  ADD COLUMN zone            text,                   -- IANA, of the position, whatever the date
  ADD COLUMN format          text,                   -- JPEG, HEIC, NEF, MP4
  ADD COLUMN decoder         text,                   -- what made the picture
  ADD COLUMN decode_ms       integer,
  ADD COLUMN duration        double precision,       -- seconds
  ADD COLUMN codecs          text[] NOT NULL DEFAULT '{}',
  ADD COLUMN clip_offset     bigint,                 -- bytes: the clip of a motion photo
  ADD COLUMN clip_length     bigint,
  ADD COLUMN content_id      text,                   -- what both parts of a Live Photo hold
  ADD COLUMN town            text,                   -- nearest to the position
  ADD COLUMN town_metres     integer,
  ADD COLUMN region          text,                   -- '' where it is not known: one index holds all three
  ADD COLUMN country         text,                   -- ISO 3166 alpha-2
  ADD COLUMN title           text,
  ADD COLUMN description     text,
  ADD COLUMN rating          smallint,               -- -1 (rejected) to 5
  ADD COLUMN labels          text[] NOT NULL DEFAULT '{}',  -- the tags people gave it
  ADD COLUMN people          text[] NOT NULL DEFAULT '{}',
  ADD COLUMN regions         jsonb NOT NULL DEFAULT '[]',   -- boxes of faces that other programs wrote
  ADD COLUMN warnings        text[] NOT NULL DEFAULT '{}';
CREATE INDEX content_camera ON content (camera) WHERE camera IS NOT NULL;
CREATE INDEX content_place ON content (country, region, town) WHERE country IS NOT NULL;
-- The map is drawn from these indexes alone: the rows of a large library are gigabytes.
CREATE INDEX content_position ON content (latitude, longitude) INCLUDE (hash, country, region, town) WHERE latitude IS NOT NULL;

-- A file's own, for its sidecar, its name and its mtime have a say: equal contents may differ in these.
ALTER TABLE file
  ADD COLUMN taken_offset    smallint,
  ADD COLUMN taken_zone      text,
  ADD COLUMN taken_certainty text CHECK (taken_certainty IN ('certain', 'likely', 'uncertain')),
  ADD COLUMN passed_dates    jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN main_id         integer REFERENCES file ON DELETE SET NULL,  -- the picture this is a part of
  ADD COLUMN part            text CHECK (part IN ('raw', 'video', 'sidecar', 'original')),
  ADD COLUMN title           text,
  ADD COLUMN description     text,
  ADD COLUMN rating          smallint,
  ADD COLUMN labels          text[] NOT NULL DEFAULT '{}',
  ADD COLUMN search          tsvector;
DROP INDEX file_timeline;
CREATE INDEX file_timeline ON file (taken_at DESC, id DESC) INCLUDE (hash, dir_id)  -- hash and dir: for the map
  WHERE taken_at IS NOT NULL AND missing_since IS NULL AND type IN ('image', 'video') AND main_id IS NULL;
DROP INDEX file_hash;
CREATE INDEX file_hash ON file (hash, size) INCLUDE (dir_id, missing_since) WHERE hash IS NOT NULL;  -- duplicates come from it alone
CREATE INDEX file_main ON file (main_id) WHERE main_id IS NOT NULL;
CREATE INDEX file_search ON file USING gin (search) WHERE search IS NOT NULL;
CREATE INDEX file_labels ON file USING gin (labels) WHERE labels <> '{}';
CREATE INDEX file_rating ON file (rating) WHERE rating IS NOT NULL;

-- Which files of a dir are one picture is worked out again when any of them came, changed or went.
ALTER TABLE dir ADD COLUMN described boolean NOT NULL DEFAULT true;
UPDATE dir SET described = false WHERE num_files > 0;
DROP INDEX dir_work;
CREATE INDEX dir_work ON dir (root_id, id)
  WHERE (num_read < num_files OR error_code IS NOT NULL OR NOT described) AND missing_since IS NULL;
