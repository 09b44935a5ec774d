import type { ReactNode } from "react";
import type { CurrentUser } from "../schema";
import { createContext, useContext } from "react";
import { me } from "../endpoints";
import LoadingIndicator from "./LoadingIndicator";
import Trouble from "./Trouble";
import { useLoaded } from "./useLoaded";

interface UserValue {
  user: CurrentUser;
  setUser(user: CurrentUser): void;
}

const UserContext = createContext<UserValue | null>(null);

/** Loads who is logged in, once for all pages below. */
export function UserProvider({ children }: { children: ReactNode }) {
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
