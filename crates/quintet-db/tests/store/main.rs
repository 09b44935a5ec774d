//! How statements are run: connections, transactions, errors, streams, and what happens when something goes wrong.

mod cluster;
mod errors;
mod killed;
mod outages;
mod pooler;
mod pools;
mod replicas;
mod saves;
mod scratch;
mod sqlite;
mod statements;
mod streams;
#[cfg(feature = "tls")]
mod tls;
mod together;
mod transactions;
