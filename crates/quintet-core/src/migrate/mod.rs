//! From models to migrations: what changed, in which order, under which names, and as which text.
