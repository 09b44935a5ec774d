//! The history of this app's tables, under the reference's names and in its order.

use crate::migrations::Migration;

mod m0001_initial;
mod m0002_alter_permission_name_max_length;
mod m0003_alter_user_email_max_length;
mod m0004_alter_user_username_opts;
mod m0005_alter_user_last_login_null;
mod m0006_require_contenttypes_0002;
mod m0007_alter_validators_add_error_messages;
mod m0008_alter_user_username_max_length;
mod m0009_alter_user_last_name_max_length;
mod m0010_alter_group_name_max_length;
mod m0011_update_proxy_permissions;
mod m0012_alter_user_first_name_max_length;

/// All of them, first to last.
pub fn all() -> Vec<Migration> {
    vec![
        m0001_initial::migration(),
        m0002_alter_permission_name_max_length::migration(),
        m0003_alter_user_email_max_length::migration(),
        m0004_alter_user_username_opts::migration(),
        m0005_alter_user_last_login_null::migration(),
        m0006_require_contenttypes_0002::migration(),
        m0007_alter_validators_add_error_messages::migration(),
        m0008_alter_user_username_max_length::migration(),
        m0009_alter_user_last_name_max_length::migration(),
        m0010_alter_group_name_max_length::migration(),
        m0011_update_proxy_permissions::migration(),
        m0012_alter_user_first_name_max_length::migration(),
    ]
}
