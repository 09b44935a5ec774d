// @ts-check

import { close, login } from "../api";
import Field from "../components/Field";
import Form from "../components/Form";
import Page from "../components/Page";
import { useNotify } from "../components/notices";
import { useUser } from "../components/user";
import { changeMe, changePassword, deleteMe } from "../endpoints";

export default function Account() {
  return (
    <Page title="Account">
      <Profile />
      <Password />
      <Deletion />
    </Page>
  );
}

function Profile() {
  const { user, setUser } = useUser();
  const notify = useNotify();

  /** @param {Record<string, string>} values */
  async function submit(values) {
    setUser(await changeMe(values));
    notify("Saved.");
  }

  return (
    <section className="panel" aria-labelledby="profile">
      <h2 id="profile">About you</h2>
      <p className="hint">
        Your username is <strong>{user.username}</strong>.
      </p>
      <Form label="About you" action="Save" submit={submit}>
        <div className="pair">
          <Field name="first_name" label="First name" autoComplete="given-name" defaultValue={user.first_name} />
          <Field name="last_name" label="Last name" autoComplete="family-name" defaultValue={user.last_name} />
        </div>
        <Field name="email" label="Email" type="email" autoComplete="email" defaultValue={user.email} />
      </Form>
    </section>
  );
}

function Password() {
  const { user } = useUser();
  const notify = useNotify();

  /** @param {Record<string, string>} values */
  async function submit({ old_password = "", new_password = "" }) {
    await changePassword({ old_password, new_password });
    // Another password ends all sessions, this one too: here somebody goes on without noticing.
    await login({ username: user.username, password: new_password });
    notify("Your password is changed. Other devices are logged out.");
  }

  return (
    <section className="panel" aria-labelledby="password">
      <h2 id="password">Password</h2>
      <Form label="Password" action="Change password" submit={submit} clears>
        <input type="hidden" name="username" autoComplete="username" value={user.username} readOnly />
        <Field name="old_password" label="Current password" type="password" autoComplete="current-password" required />
        <Field
          name="new_password"
          label="New password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters, and none that everybody uses."
          required
        />
      </Form>
    </section>
  );
}

function Deletion() {
  /** @param {Record<string, string>} values */
  async function submit({ password = "" }) {
    await deleteMe(password);
    close("deleted");
  }

  return (
    <section className="panel" aria-labelledby="deletion">
      <h2 id="deletion">Delete your account</h2>
      <details>
        <summary>Everything that is yours goes with it, for good.</summary>
        <Form label="Delete your account" action="Delete my account" submit={submit} isDangerous>
          <Field
            name="password"
            label="Password, to be sure that it is you"
            type="password"
            autoComplete="current-password"
            required
          />
        </Form>
      </details>
    </section>
  );
}
