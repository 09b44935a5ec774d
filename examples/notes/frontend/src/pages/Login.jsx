// @ts-check

import { Link, useLocation } from "react-router";
import { login, session } from "../api";
import Field from "../components/Field";
import Form from "../components/Form";
import Page from "../components/Page";

/** What is told to who was logged in a moment ago. */
const WHY = {
  "": "",
  left: "You are logged out.",
  over: "Your session is over. Log in again to go on where you were.",
  deleted: "Your account is deleted.",
};

export default function Login() {
  const { search } = useLocation();
  const why = WHY[session.get().why];

  // GuestRoute goes on from here as soon as the session is open.
  /** @param {Record<string, string>} values */
  async function submit(values) {
    await login({ username: values.username ?? "", password: values.password ?? "" });
  }

  return (
    <Page title="Log in" isCard>
      {why && (
        <p className="note" role="status">
          {why}
        </p>
      )}
      <Form label="Log in" action="Log in" submit={submit}>
        <Field name="username" label="Username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
        <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      </Form>
      <p className="aside">
        <Link to="/forgot-password">Forgot your password?</Link>
        <span>
          New here? <Link to={`/register${search}`}>Create an account</Link>
        </span>
      </p>
    </Page>
  );
}
