//! API views through a whole site, without a socket and without a database.

mod extractors;
mod guards;
mod harness;
mod options;
mod order;
mod own_choices;
mod routers;
mod throttles;
