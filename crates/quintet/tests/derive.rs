//! What the derives say of mistakes: each file of `derive/` is a fact, with the compiler's words beside it.

#[test]
fn mistakes_in_models_are_said_in_sentences_on_the_users_own_words() {
    trybuild::TestCases::new().compile_fail("tests/derive/*.rs");
}
