-- For pages that many look at, and for libraries of a million files: what they show is in indexes, in the order they show it.

-- The sums of all dirs stand on every page.
CREATE INDEX dir_counts ON dir (root_id) INCLUDE (num_files, num_read, num_failed, num_pictures, num_searched, num_faces_failed)
  WHERE missing_since IS NULL;

-- A name with what is asked of its file: a person's photos come in their order from one index, however many they are. Kept by
-- the triggers below.
ALTER TABLE file_person_link
  ADD COLUMN file_id  integer,
  ADD COLUMN taken_at timestamp,
  ADD COLUMN missing  boolean NOT NULL DEFAULT false;
UPDATE file_person_link l SET file_id = file.id, taken_at = file.taken_at, missing = file.missing_since IS NOT NULL
FROM face JOIN file ON file.id = face.file_id WHERE face.id = l.face_id;
ALTER TABLE file_person_link ALTER COLUMN file_id SET NOT NULL;
CREATE INDEX file_person_link_shown ON file_person_link (person_id, taken_at DESC, file_id DESC) INCLUDE (state, perhaps)
  WHERE state <> 'rejected' AND NOT missing;
CREATE INDEX file_person_link_file ON file_person_link (file_id);

CREATE FUNCTION link_knows_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT file.id, file.taken_at, file.missing_since IS NOT NULL INTO NEW.file_id, NEW.taken_at, NEW.missing
  FROM face JOIN file ON file.id = face.file_id WHERE face.id = NEW.face_id;
  RETURN NEW;
END $$;
CREATE TRIGGER link_knows_file BEFORE INSERT ON file_person_link FOR EACH ROW EXECUTE FUNCTION link_knows_file();

CREATE FUNCTION file_tells_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE file_person_link SET taken_at = NEW.taken_at, missing = NEW.missing_since IS NOT NULL WHERE file_id = NEW.id;
  RETURN NULL;
END $$;
-- Before its names are known a file has no faces: most changes are made then, and cost nothing.
CREATE TRIGGER file_tells_links AFTER UPDATE OF taken_at, missing_since ON file FOR EACH ROW
  WHEN (NEW.num_faces > 0 AND (OLD.taken_at, OLD.missing_since) IS DISTINCT FROM (NEW.taken_at, NEW.missing_since))
  EXECUTE FUNCTION file_tells_links();

-- How many names rest on a reference image, and how many of them on no other: both indexes are read side by side.
DROP INDEX file_person_link_person;
CREATE INDEX file_person_link_person ON file_person_link (person_id, face_id) INCLUDE (refimg_id, state, perhaps) WHERE state <> 'rejected';
DROP INDEX likeness_person;
CREATE INDEX likeness_person ON likeness (person_id, face_id) INCLUDE (without);

-- Tags are collected from these.
CREATE INDEX file_tagged ON file (id) WHERE labels <> '{}';

-- What became of the files of a plan, in numbers: asked for wherever a plan or its job is shown.
CREATE INDEX move_ledger ON move (plan_id) INCLUDE (state, back, left_because, size);
