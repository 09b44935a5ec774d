//! The app `{{name}}`.

pub mod urls;
pub mod views;

#[cfg(test)]
mod tests;

quintet::app! { {{name}}, urls = urls::urls }
