//! The same table as the reference's admin shows it.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0003_tokenproxy").depends_on("authtoken", "0002_auto_20160226_1747").operations(vec![
        create_model("TokenProxy", vec![], options().proxy().verbose_name("token")).bases(&["authtoken.token"]),
    ])
}
