//! The scaffolding from outside: the library's public functions and the installed program, each
//! test in a folder of its own. What a generated project does when it is built is tested elsewhere.

mod apps;
mod folder;
mod passing_on;
mod program;
mod projects;
