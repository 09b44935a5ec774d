//! The app's migrations, in order; kept by `makemigrations`.

quintet::migrations![m0001_initial];
