-- Faces: what was found in each picture, who may be recognised, and who is who.

-- One run of face recognition.
CREATE TABLE ai_scan (
  id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job      text NOT NULL,                -- workflow id and run id: an activity that runs again belongs to the same scan
  run      text NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  version  text NOT NULL,                -- of this program
  model    text NOT NULL,                -- the networks, and what computed them
  settings jsonb NOT NULL,
  UNIQUE (job, run)
);

ALTER TABLE file
  ADD COLUMN faces_hash            bytea,    -- the bytes in which faces were looked for last; others: to be looked at again
  ADD COLUMN faces_scan_id         integer REFERENCES ai_scan,
  ADD COLUMN wants_larger          boolean NOT NULL DEFAULT false,  -- its faces are too small in the preview
  ADD COLUMN faces_error_code      text,
  ADD COLUMN faces_error_message   text,
  ADD COLUMN num_faces             integer NOT NULL DEFAULT 0,      -- both kept by the triggers below
  ADD COLUMN has_unidentified_face boolean NOT NULL DEFAULT false;
CREATE INDEX file_unidentified ON file (dir_id, id) WHERE has_unidentified_face AND missing_since IS NULL;
CREATE INDEX file_faces ON file (dir_id, id) WHERE num_faces > 0 AND missing_since IS NULL;

-- Of the dir's present pictures that have a preview. Counted when the dir is described, and by the faces step.
ALTER TABLE dir
  ADD COLUMN num_pictures     integer NOT NULL DEFAULT 0,
  ADD COLUMN num_searched     integer NOT NULL DEFAULT 0,  -- of these: faces were looked for in them, with or without success
  ADD COLUMN num_faces_failed integer NOT NULL DEFAULT 0;  -- of num_searched: with an error
CREATE INDEX dir_faces_work ON dir (root_id, id) WHERE num_searched < num_pictures AND missing_since IS NULL;
UPDATE dir SET described = false WHERE num_files > 0;

CREATE TABLE face (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  file_id    integer NOT NULL REFERENCES file ON DELETE CASCADE,
  ai_scan_id integer REFERENCES ai_scan,
  x real NOT NULL, y real NOT NULL, w real NOT NULL, h real NOT NULL,  -- the box in shares of the upright picture's sides
  size       smallint NOT NULL,          -- longer side in pixels of the picture that was looked at
  score      real NOT NULL,              -- how sure the detector is, 0 to 1
  sharpness  real NOT NULL,
  cut        boolean NOT NULL,           -- the picture's edge goes through it
  by_hand    boolean NOT NULL DEFAULT false,  -- a person drew the box: no scan takes it away
  marked     text CHECK (marked IN ('not a face', 'ignored')),
  landmarks  bytea NOT NULL,             -- 68 times x and y, 16 bit unsigned, in shares of the picture's sides
  descriptor bytea NOT NULL,             -- 128 float32, little endian
  sketch     bytea NOT NULL              -- the descriptor in 128 bytes: who it is not is seen from these
);
CREATE INDEX face_file ON face (file_id, id) INCLUDE (sketch);  -- matching a million faces reads this alone

CREATE TABLE person (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL,
  threshold  real,                       -- of its own; NULL: the general one
  hidden     boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX person_name ON person (lower(name));

CREATE TABLE refimg (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id  integer NOT NULL REFERENCES person ON DELETE CASCADE,
  face_id    integer REFERENCES face ON DELETE SET NULL,  -- chosen from a photo; NULL: uploaded
  hash       bytea NOT NULL,             -- of the picture it is cut from; its preview is among the thumbnails
  title      text NOT NULL,              -- name of the file it came from
  x real NOT NULL, y real NOT NULL, w real NOT NULL, h real NOT NULL,
  size       smallint NOT NULL,
  sharpness  real NOT NULL,
  found_by   text NOT NULL CHECK (found_by IN ('detector', 'margin', 'border', 'assumed', 'by hand')),
  active     boolean NOT NULL DEFAULT true,
  descriptor bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (person_id, hash, x, y)         -- adding the same one again changes nothing
);
CREATE INDEX refimg_person ON refimg (person_id);

-- Which faces come near which persons: what names are chosen from, and what would change with another threshold.
CREATE TABLE likeness (
  face_id   integer NOT NULL REFERENCES face ON DELETE CASCADE,
  person_id integer NOT NULL REFERENCES person ON DELETE CASCADE,
  refimg_id integer NOT NULL REFERENCES refimg ON DELETE CASCADE,  -- the nearest one
  distance  real NOT NULL,
  without   real,                        -- to the nearest one but that; NULL: none is near enough to matter
  PRIMARY KEY (face_id, person_id)
);
CREATE INDEX likeness_person ON likeness (person_id);
CREATE INDEX likeness_refimg ON likeness (refimg_id);

-- This face of this file is that person.
CREATE TABLE file_person_link (
  face_id            integer NOT NULL REFERENCES face ON DELETE CASCADE,
  person_id          integer NOT NULL REFERENCES person ON DELETE CASCADE,
  state              text NOT NULL CHECK (state IN ('auto', 'confirmed', 'rejected')),
  perhaps            boolean NOT NULL DEFAULT false,  -- not sure enough to stand without a person's word
  distance           real,               -- to the refimg that matched; NULL: a person said so
  threshold          real,               -- that was in force
  refimg_id          integer REFERENCES refimg ON DELETE SET NULL,
  runner_up_id       integer REFERENCES person ON DELETE SET NULL,
  runner_up_distance real,
  ai_scan_id         integer REFERENCES ai_scan,
  at                 timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (face_id, person_id),
  CHECK (NOT perhaps OR state = 'auto')
);
CREATE UNIQUE INDEX file_person_link_one_name ON file_person_link (face_id) WHERE state <> 'rejected';
CREATE INDEX file_person_link_person ON file_person_link (person_id, face_id) WHERE state <> 'rejected';
CREATE INDEX file_person_link_refimg ON file_person_link (refimg_id);
CREATE INDEX file_person_link_doubt ON file_person_link (distance DESC, face_id) WHERE state = 'auto';

-- How many faces a file has, and whether one of them, which counts, has no name that stands. Kept here, so that it is
-- true whatever changes faces or links, cascades too.
CREATE FUNCTION tell_unidentified(files integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- One after another: what somebody else does to another face of the file at the same time has to be seen.
  PERFORM FROM file WHERE id = ANY (files) ORDER BY id FOR NO KEY UPDATE;
  UPDATE file SET has_unidentified_face = now_is.open, num_faces = now_is.faces
  FROM (
    SELECT asked.id, count(face.id) AS faces, coalesce(bool_or(face.id IS NOT NULL AND face.marked IS NULL AND NOT EXISTS (
        SELECT FROM file_person_link l WHERE l.face_id = face.id AND l.state <> 'rejected' AND NOT l.perhaps)), false) AS open
    FROM unnest(files) AS asked (id) LEFT JOIN face ON face.file_id = asked.id GROUP BY asked.id
  ) AS now_is
  WHERE file.id = now_is.id AND (file.has_unidentified_face, file.num_faces) IS DISTINCT FROM (now_is.open, now_is.faces);
END $$;

CREATE FUNCTION face_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_unidentified(ARRAY(SELECT DISTINCT file_id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER face_inserted AFTER INSERT ON face REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION face_changed();
CREATE TRIGGER face_updated AFTER UPDATE ON face REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION face_changed();
CREATE TRIGGER face_deleted AFTER DELETE ON face REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION face_changed();

CREATE FUNCTION link_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_unidentified(ARRAY(SELECT DISTINCT face.file_id FROM changed JOIN face ON face.id = changed.face_id));
  RETURN NULL;
END $$;
CREATE TRIGGER link_inserted AFTER INSERT ON file_person_link REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION link_changed();
CREATE TRIGGER link_updated AFTER UPDATE ON file_person_link REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION link_changed();
CREATE TRIGGER link_deleted AFTER DELETE ON file_person_link REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION link_changed();

-- How far a rescan is, and which pictures were searched by which scan.
CREATE INDEX file_faces_scan ON file (faces_scan_id) WHERE faces_scan_id IS NOT NULL;
-- Like those of a face; NULL where they were not kept: they tell whether the face looks to a side.
ALTER TABLE refimg ADD COLUMN landmarks bytea;

-- Few pictures have names written in them, and these are looked for among all.
CREATE INDEX content_regions ON content (hash) WHERE regions <> '[]';
-- How far from each other the faces are whose person somebody told: pairs of one person, and of two. For choosing
-- thresholds; a job measures it.
CREATE TABLE face_distance (
  person_id integer REFERENCES person ON DELETE CASCADE,  -- NULL: everybody
  at        timestamptz NOT NULL DEFAULT now(),
  known     text NOT NULL,               -- what was known then, in short: another text, and it has to be measured again
  samples   integer NOT NULL,            -- faces that were compared: of the person, or of everybody
  people    integer NOT NULL,            -- whose faces these were
  same      integer[] NOT NULL,          -- pairs by their distance, in bins of 0.01 from 0
  different integer[] NOT NULL,
  UNIQUE NULLS NOT DISTINCT (person_id)
);
CREATE INDEX file_person_link_confirmed ON file_person_link (person_id, face_id) WHERE state = 'confirmed';

-- Faces without a name, grouped by likeness: the last run, one row, and its groups. Both are replaced as a whole.
CREATE TABLE face_grouping (
  id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT now(),
  faces    integer NOT NULL,             -- that were compared
  left_out integer NOT NULL,             -- older ones, beyond the number that is compared
  newest   integer NOT NULL              -- the highest number of a face there was
);
CREATE TABLE face_group (
  face_id  integer PRIMARY KEY REFERENCES face ON DELETE CASCADE,
  group_id integer NOT NULL,             -- the lowest number of a face in it
  place    integer NOT NULL              -- in the group, those first that show the person best
);
CREATE INDEX face_group_group ON face_group (group_id, place);
