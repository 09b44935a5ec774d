//! Browsers: sessions, forged forms, logging in and out, and the other ways to say who one is.
#![allow(unreachable_pub)] // A harness for several files.

mod attacks;
mod commands;
mod csrf;
mod harness;
mod keeping;
mod logins;
mod ways;
