// @ts-check

import { Navigate, Outlet, useLocation } from "react-router";
import { nextPlace } from "../text/places";
import LoadingIndicator from "./LoadingIndicator";
import { useSession } from "./useSession";

/** Pages for who is not logged in; who is goes on to where the login would lead. */
export default function GuestRoute() {
  const { status, error } = useSession();
  const { search } = useLocation();

  if (status === "in") return <Navigate to={nextPlace(search)} replace />;
  if (status === "unknown" && !error) return <LoadingIndicator label="Looking for your session" />;
  return <Outlet />;
}
