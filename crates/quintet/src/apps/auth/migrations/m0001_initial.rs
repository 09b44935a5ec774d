//! Permissions, groups and users.

use crate::migrations::*;
use crate::models::utc_now;

pub(super) fn migration() -> Migration {
    Migration::new("0001_initial").depends_on("contenttypes", "__first__").operations(vec![
 create_model("Permission", vec![
  ("id", auto().primary_key()),
  ("name", char(50).verbose_name("name")),
  ("content_type", foreign_key("contenttypes.ContentType", OnDelete::Cascade).verbose_name("content type")),
  ("codename", char(100).verbose_name("codename")),
 ], options().ordering(&["content_type__app_label", "content_type__model", "codename"]).unique_together(&["content_type", "codename"]).verbose_name("permission").verbose_name_plural("permissions")),
 create_model("Group", vec![
  ("id", auto().primary_key()),
  ("name", char(80).unique().verbose_name("name")),
  ("permissions", many_to_many("auth.Permission").blank().verbose_name("permissions")),
 ], options().verbose_name("group").verbose_name_plural("groups")),
 create_model("User", vec![
  ("id", auto().primary_key()),
  ("password", char(128).verbose_name("password")),
  ("last_login", date_time().with_default_fn(utc_now).verbose_name("last login")),
  ("is_superuser", boolean().with_default(false).verbose_name("superuser status").help_text("Designates that this user has all permissions without explicitly assigning them.")),
  ("username", char(30).unique().verbose_name("username").help_text("Required. 30 characters or fewer. Letters, digits and @/./+/-/_ only.").rule(Rule::Username(false))),
  ("first_name", char(30).blank().verbose_name("first name")),
  ("last_name", char(30).blank().verbose_name("last name")),
  ("email", email().max_length(75).blank().verbose_name("email address")),
  ("is_staff", boolean().with_default(false).verbose_name("staff status").help_text("Designates whether the user can log into this admin site.")),
  ("is_active", boolean().with_default(true).verbose_name("active").help_text("Designates whether this user should be treated as active. Unselect this instead of deleting accounts.")),
  ("date_joined", date_time().with_default_fn(utc_now).verbose_name("date joined")),
  ("groups", many_to_many("auth.Group").blank().verbose_name("groups").related_name("user_set").related_query_name("user").help_text("The groups this user belongs to. A user will get all permissions granted to each of their groups.")),
  ("user_permissions", many_to_many("auth.Permission").blank().verbose_name("user permissions").related_name("user_set").related_query_name("user").help_text("Specific permissions for this user.")),
 ], options().swappable("AUTH_USER_MODEL").verbose_name("user").verbose_name_plural("users")),
])
}
