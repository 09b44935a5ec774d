// @ts-check

import { useState } from "react";
import { Link } from "react-router";
import Field from "../components/Field";
import Form from "../components/Form";
import Page from "../components/Page";
import { forgotPassword } from "../endpoints";

export default function ForgotPassword() {
  const [sentTo, setSentTo] = useState("");

  /** @param {Record<string, string>} values */
  async function submit({ email = "" }) {
    await forgotPassword(email);
    setSentTo(email);
  }

  if (sentTo) {
    return (
      <Page title="Look into your mail" isCard>
        <p role="status">
          If there is an account with the address <strong>{sentTo}</strong>, a link to choose a new password is on its way.
        </p>
        <p className="aside">
          <button type="button" className="link" onClick={() => setSentTo("")}>
            Use another address
          </button>
          <Link to="/login">Back to the login</Link>
        </p>
      </Page>
    );
  }

  return (
    <Page title="Forgot your password?" lead="Tell us your address, and we send you a link." isCard>
      <Form label="Forgot your password?" action="Send the link" submit={submit}>
        <Field name="email" label="Email" type="email" autoComplete="email" required />
      </Form>
      <p className="aside">
        <Link to="/login">Back to the login</Link>
      </p>
    </Page>
  );
}
