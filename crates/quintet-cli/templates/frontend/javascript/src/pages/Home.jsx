// @ts-check

import { Link } from "react-router";
import Page from "../components/Page";
import { useUser } from "../components/user";

/** What to do next in a new project. Put your own page here. */
export default function Home() {
  const { user } = useUser();
  const name = user.first_name || user.username;

  return (
    <Page title={`Hello, ${name}`} lead="Everything works: the API, the database, this page and your session.">
      <section className="panel">
        <h2>You</h2>
        <dl className="facts">
          <dt>Username</dt>
          <dd>{user.username}</dd>
          <dt>Email</dt>
          <dd>{user.email || "none yet"}</dd>
        </dl>
        <p className="buttons">
          <Link className="button" to="/account">
            Edit your account
          </Link>
          <Link className="button" to="/sessions">
            See your sessions
          </Link>
        </p>
      </section>
      <section className="panel">
        <h2>Next</h2>
        <ol className="steps">
          <li>
            <strong>Make this page yours.</strong> It is <code>frontend/src/pages/Home.jsx</code>; save it, and it is here.
          </li>
          <li>
            <strong>Add an app with models and an API.</strong> <code>cargo manage startapp blog</code>
          </li>
          <li>
            <strong>Give it a page.</strong> Addresses are in <code>src/App.jsx</code>, requests in{" "}
            <code>src/endpoints.js</code>.
          </li>
          <li>
            <strong>Make one program of it all.</strong> <code>cargo manage build</code>
          </li>
        </ol>
      </section>
    </Page>
  );
}
