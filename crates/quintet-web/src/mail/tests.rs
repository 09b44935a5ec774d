//! Messages as the reference writes them, and a server that takes them, refuses them, or says nothing.

mod recorded;
mod server;
