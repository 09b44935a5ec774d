// @ts-check

import { Link } from "react-router";
import Page from "../components/Page";

export default function NotFound() {
  return (
    <Page title="Nothing is here" lead="The address may be mistyped, or the page is gone." isCard>
      <p>
        <Link className="button primary" to="/">
          To the start
        </Link>
      </p>
    </Page>
  );
}
