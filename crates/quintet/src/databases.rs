//! The databases that settings describe: by name, with their copies and routers, and with the models of the apps.

use std::path::Path;

use quintet_db::{Database, Databases, Routers};

use crate::registry;
use crate::settings::Settings;

/// The databases of some settings, with the models of their apps. A relative path counts from the working directory.
/// Nothing is opened yet.
///
/// # Errors
/// A relation that leads to nothing, a time zone that there is not, or a name that is unknown or given twice.
pub fn databases(settings: &Settings) -> Result<Databases, String> {
    of(settings, Path::new("."))
}

/// The database `default` of some settings, as [`databases`] has it.
///
/// # Errors
/// The same.
pub fn database(settings: &Settings) -> Result<Database, String> {
    Ok(databases(settings)?.default_database().clone())
}

/// The databases, where a relative path counts from this folder.
pub(crate) fn of(settings: &Settings, folder: &Path) -> Result<Databases, String> {
    let models = registry::query_models(settings)?;
    Ok(bare(settings, folder).map_err(|error| error.to_string())?.with_known(models))
}

/// The same without models.
pub(crate) fn bare(settings: &Settings, folder: &Path) -> quintet_db::Result<Databases> {
    let mut made = Databases::connect(&settings.database, &settings.databases, folder)?;
    for (name, urls) in &settings.replicas {
        let copies = urls.iter().map(|url| Database::connect(url, folder)).collect();
        made = made.with_replicas(name, copies)?;
    }
    Ok(made.with_routers(routers(settings)))
}

/// The routers of the settings.
pub(crate) fn routers(settings: &Settings) -> Routers {
    Routers::from(settings.database_routers.clone())
}
