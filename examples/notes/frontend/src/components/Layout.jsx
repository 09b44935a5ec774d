// @ts-check

import { Link, NavLink, Outlet } from "react-router";
import { logout } from "../api";
import { SITE_NAME } from "../constants";
import { inWords } from "../text/words";
import { NoticesProvider, useNotify } from "./notices";
import { useSession } from "./useSession";

/** What is around every page. */
export default function Layout() {
  return (
    <NoticesProvider>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </NoticesProvider>
  );
}

function Header() {
  const { status } = useSession();
  return (
    <header className="top">
      <Link className="brand" to="/">
        <img src="/icon.svg" alt="" width="28" height="28" />
        {SITE_NAME}
      </Link>
      <nav aria-label="Main">
        {status === "in" && <MemberLinks />}
        {status === "out" && (
          <>
            <NavLink to="/login">Log in</NavLink>
            <NavLink to="/register">Register</NavLink>
          </>
        )}
      </nav>
    </header>
  );
}

function MemberLinks() {
  const notify = useNotify();

  function leave() {
    logout().catch((error) => notify(`You are still logged in. ${inWords(error)}`));
  }

  return (
    <>
      <NavLink to="/account">Account</NavLink>
      <NavLink to="/sessions">Sessions</NavLink>
      <button type="button" className="link" onClick={leave}>
        Log out
      </button>
    </>
  );
}
