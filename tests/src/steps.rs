//! What the program `migrating` and its tests both know of the migration that is not atomic.

/// Its statements, each an operation with a point after it.
pub const STEPS: [&str; 4] = [
    "CREATE TABLE walk_extra (id integer NOT NULL PRIMARY KEY, note varchar(20) NOT NULL)",
    "INSERT INTO walk_extra (id, note) VALUES (1, 'one')",
    "CREATE INDEX walk_extra_note ON walk_extra (note)",
    "ALTER TABLE walk_extra ADD COLUMN more integer NULL",
];

/// Undoes them by hand, however many were done.
pub const UNDO: &str = "DROP TABLE IF EXISTS walk_extra";

/// The points of all its migrations, the first and last of the one that is not atomic.
pub const POINTS: usize = 17;
/// The first point of the migration that is not atomic.
pub const FIRST_STEP: usize = 10;
/// The last one.
pub const LAST_STEP: usize = 13;
