// @ts-check

import { Navigate, Outlet, useLocation } from "react-router";
import { loginFor } from "../text/places";
import LoadingIndicator from "./LoadingIndicator";
import { useSession } from "./useSession";
import { UserProvider } from "./user";
import Trouble from "./Trouble";

/** Pages for who is logged in; others come back to them from the login. */
export default function ProtectedRoute() {
  const { status, why, error, ask } = useSession();
  const { pathname, search } = useLocation();

  if (error) return <Trouble error={error} again={ask} />;
  if (status === "unknown") return <LoadingIndicator label="Looking for your session" />;
  if (status === "out") {
    // Who has left wants to see none of the pages; whose session is over goes on where it ended.
    const wantsBack = why === "" || why === "over";
    return <Navigate to={wantsBack ? loginFor(pathname + search) : "/login"} replace />;
  }
  return (
    <UserProvider>
      <Outlet />
    </UserProvider>
  );
}
