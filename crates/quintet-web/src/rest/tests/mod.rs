//! API views through a whole site, without a socket and without a database.

mod guards;
mod harness;
mod options;
mod order;
mod routers;
mod throttles;
