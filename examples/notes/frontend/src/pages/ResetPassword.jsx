// @ts-check

import { useState } from "react";
import { Link, useParams } from "react-router";
import Field from "../components/Field";
import Form from "../components/Form";
import Page from "../components/Page";
import { resetPassword } from "../endpoints";

/** Where the link in the mail leads. */
export default function ResetPassword() {
  const { uid = "", token = "" } = useParams();
  const [isDone, setDone] = useState(false);

  /** @param {Record<string, string>} values */
  async function submit({ new_password = "" }) {
    await resetPassword({ uid, token, new_password });
    setDone(true);
  }

  if (isDone) {
    return (
      <Page title="Your password is changed" isCard>
        <p role="status">You can log in with it now.</p>
        <p>
          <Link className="button primary" to="/login">
            Log in
          </Link>
        </p>
      </Page>
    );
  }

  return (
    <Page title="Choose a new password" isCard>
      <Form label="Choose a new password" action="Change password" submit={submit}>
        <Field
          name="new_password"
          label="New password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters, and none that everybody uses."
          required
        />
      </Form>
      <p className="aside">
        <Link to="/forgot-password">Ask for another link</Link>
      </p>
    </Page>
  );
}
