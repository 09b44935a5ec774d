// @ts-check

import { Link, useLocation } from "react-router";
import { login } from "../api";
import Field from "../components/Field";
import Form from "../components/Form";
import Page from "../components/Page";
import { register } from "../endpoints";

export default function Register() {
  const { search } = useLocation();

  /** @param {Record<string, string>} values */
  async function submit({ username = "", email = "", password = "" }) {
    await register({ username, email, password });
    await login({ username, password });
  }

  return (
    <Page title="Create an account" isCard>
      <Form label="Create an account" action="Create account" submit={submit}>
        <Field name="username" label="Username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
        <Field
          name="email"
          label="Email"
          type="email"
          autoComplete="email"
          hint="For a new password, should you forget yours."
        />
        <Field
          name="password"
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters, and none that everybody uses."
          required
        />
      </Form>
      <p className="aside">
        <span>
          Already registered? <Link to={`/login${search}`}>Log in</Link>
        </span>
      </p>
    </Page>
  );
}
