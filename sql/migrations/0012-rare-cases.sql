-- What few libraries have: directories too deep for the database, which a plan fills none of, and many reference images.

ALTER TABLE move
  DROP CONSTRAINT move_left_because_check,
  ADD CONSTRAINT move_left_because_check CHECK (left_because IN
    ('duplicate', 'name taken', 'chosen', 'ignored name', 'path too long', 'in place', 'no photo', 'not read'));

-- Each face that is deleted looks for its own.
CREATE INDEX refimg_face ON refimg (face_id) WHERE face_id IS NOT NULL;
