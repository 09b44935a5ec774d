//! The words that make fields: one for each class of the reference, one for each option.

mod classes;
mod options;
