//! An app's migrations as `makemigrations` keeps them.

quintet::migrations![m0001_initial, m0002_note_slug];
