//! A project's own validators: functions, known by their path.
#![allow(unreachable_pub)] // As a project writes them.

mod lab {
    use quintet::migrations::Value;
    use quintet::prelude::*;

    pub fn even(value: &Value) -> Result<(), String> {
        match value {
            Value::Int(number) if number % 2 != 0 => Err(format!("{number} is odd")),
            _ => Ok(()),
        }
    }

    #[derive(Model, Debug, Clone)]
    pub struct Seat {
        pub id: BigAuto,
        #[field(validators = [even, min_value(1)])]
        pub number: i32,
    }

    quintet::app! { lab, models = [Seat] }
}

use quintet_core::migrate::write::{WriteOptions, write};
use quintet_core::operation::{Migration, words::create_model};
use quintet_core::schema::words::{big_auto, function_rule, integer, options};
use quintet_core::schema::{Field, Rule, Value};

fn number() -> Field {
    lab::app().models[0].state_in("lab").field("number").expect("a field").clone()
}

#[test]
fn a_function_is_a_validator_by_its_path_and_looks_at_values() {
    let field = number();
    assert_eq!(field, integer().rule(function_rule(lab::even)).rule(Rule::MinValue(1.into())));
    let Rule::Function(test) = &field.validators[0].rule else { panic!("no function: {field:?}") };
    assert_eq!(test.path, "validators::lab::even");
    assert_eq!((test.run(&Value::Int(3)), test.run(&Value::Int(4))), (Err("3 is odd".to_owned()), Ok(())));
}

#[test]
fn another_function_is_another_state() {
    fn odd(_: &Value) -> Result<(), String> {
        Ok(())
    }
    assert_ne!(number(), integer().rule(function_rule(odd)).rule(Rule::MinValue(1.into())));
}

#[test]
fn a_migration_names_the_function() {
    let fields = vec![("id", big_auto().primary_key()), ("number", number())];
    let mut migration = Migration::new("0001_initial").operations(vec![create_model("Seat", fields, options())]);
    migration.app = "lab".to_owned();
    let text = write(&migration, &WriteOptions { crate_name: "validators".to_owned(), header: None }).expect("text");
    assert!(text.contains(".rule(function_rule(crate::lab::even))"), "{text}");
    assert!(text.contains(".rule(Rule::MinValue("), "{text}");
}
