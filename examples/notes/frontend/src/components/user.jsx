// @ts-check

/** @import { ReactNode } from "react" */
/** @import { CurrentUser } from "../schema" */
import { createContext, useContext } from "react";
import { me } from "../endpoints";
import LoadingIndicator from "./LoadingIndicator";
import Trouble from "./Trouble";
import { useLoaded } from "./useLoaded";

/**
 * @typedef {object} UserValue
 * @property {CurrentUser} user
 * @property {(user: CurrentUser) => void} setUser
 */

const UserContext = createContext(/** @type {UserValue | null} */ (null));

/**
 * Loads who is logged in, once for all pages below.
 *
 * @param {{ children: ReactNode }} props
 */
export function UserProvider({ children }) {
  const { value: user, setValue: setUser, error, load } = useLoaded(me);

  if (error) return <Trouble error={error} again={load} />;
  if (user === null) return <LoadingIndicator label="Loading your account" />;
  return <UserContext value={Object.freeze({ user, setUser })}>{children}</UserContext>;
}

/** Who is logged in, and a function for what was changed. */
export function useUser() {
  const value = useContext(UserContext);
  if (value === null) throw new Error("useUser is for pages below UserProvider");
  return value;
}
