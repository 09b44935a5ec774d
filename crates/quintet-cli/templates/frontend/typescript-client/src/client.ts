// 0.0.0
// Written by `manage generateclient`: what is changed here is lost.

import type { AxiosInstance, AxiosRequestConfig } from "axios";
import type { Operations } from "./schema.js";
export type * from "./schema.js";

/** A function for each operation. */
export interface Client {
  /**
   * The description of this API, by OpenAPI 3.1: YAML or JSON, as `Accept` or `format` says.
   *
   * `GET /api/schema/`
   */
  schemaRetrieve(query?: Operations["schemaRetrieve"]["query"], config?: AxiosRequestConfig): Promise<Operations["schemaRetrieve"]["answer"]>;
  /**
   * The sessions of the user
   *
   * `GET /api/sessions/`
   */
  sessionsList(config?: AxiosRequestConfig): Promise<Operations["sessionsList"]["answer"]>;
  /**
   * Ends the sessions of the user
   *
   * `DELETE /api/sessions/`
   */
  sessionsEndAll(query?: Operations["sessionsEndAll"]["query"], config?: AxiosRequestConfig): Promise<Operations["sessionsEndAll"]["answer"]>;
  /**
   * Ends a session of the user
   *
   * `DELETE /api/sessions/{id}/`
   */
  sessionsDestroy(id: Operations["sessionsDestroy"]["path"]["id"], config?: AxiosRequestConfig): Promise<Operations["sessionsDestroy"]["answer"]>;
  /**
   * Takes a set of user credentials and returns an access and refresh JSON web
   * token pair to prove the authentication of those credentials.
   *
   * `POST /api/token/`
   */
  tokenCreate(body: Operations["tokenCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenCreate"]["answer"]>;
  /**
   * Takes a token and blacklists it. Must be used with the
   * `rest_framework_simplejwt.token_blacklist` app installed.
   *
   * `POST /api/token/blacklist/`
   */
  tokenBlacklistCreate(body: Operations["tokenBlacklistCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenBlacklistCreate"]["answer"]>;
  /**
   * Takes a refresh type JSON web token and returns an access type JSON web
   * token if the refresh token is valid.
   *
   * `POST /api/token/refresh/`
   */
  tokenRefreshCreate(body: Operations["tokenRefreshCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenRefreshCreate"]["answer"]>;
  /**
   * Takes a token and indicates if it is valid.  This view provides no
   * information about a token's fitness for a particular use.
   *
   * `POST /api/token/verify/`
   */
  tokenVerifyCreate(body: Operations["tokenVerifyCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenVerifyCreate"]["answer"]>;
  /**
   * Who asks
   *
   * `GET /api/user/me/`
   */
  userMeRetrieve(config?: AxiosRequestConfig): Promise<Operations["userMeRetrieve"]["answer"]>;
  /**
   * Changes who asks
   *
   * `PATCH /api/user/me/`
   */
  userMePartialUpdate(body?: Operations["userMePartialUpdate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userMePartialUpdate"]["answer"]>;
  /**
   * Deletes the account of who asks
   *
   * `DELETE /api/user/me/`
   */
  userMeDestroy(body: Operations["userMeDestroy"]["body"], config?: AxiosRequestConfig): Promise<Operations["userMeDestroy"]["answer"]>;
  /**
   * Changes the password of who asks
   *
   * `POST /api/user/password/`
   */
  userPasswordCreate(body: Operations["userPasswordCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userPasswordCreate"]["answer"]>;
  /**
   * Sends a link for a forgotten password
   *
   * `POST /api/user/password/reset/`
   */
  userPasswordResetCreate(body: Operations["userPasswordResetCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userPasswordResetCreate"]["answer"]>;
  /**
   * Sets a password by a link
   *
   * `POST /api/user/password/reset/confirm/`
   */
  userPasswordResetConfirmCreate(body: Operations["userPasswordResetConfirmCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userPasswordResetConfirmCreate"]["answer"]>;
  /** `POST /api/user/register/` */
  userRegisterCreate(body: Operations["userRegisterCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userRegisterCreate"]["answer"]>;
}

/** What an operation refuses: a status, and the body that comes with it. */
export type Refusal<Name extends keyof Operations> = {
  [Status in keyof Operations[Name]["refusals"]]: {
    readonly status: Status;
    readonly data: Operations[Name]["refusals"][Status];
  };
}[keyof Operations[Name]["refusals"]];

/** What is wrong with the fields that an operation takes: texts by field. */
export type FieldErrors<Name extends keyof Operations> = {
  [Field in keyof Operations[Name]["body"] | "non_field_errors"]?: string[];
};

/** The functions over an instance of axios, whose `baseURL` is where the API is. */
export function createClient(http: AxiosInstance): Client {
  return {
    async schemaRetrieve(query?: Operations["schemaRetrieve"]["query"], config?: AxiosRequestConfig): Promise<Operations["schemaRetrieve"]["answer"]> {
      return (await http.request<Operations["schemaRetrieve"]["answer"]>({ ...config, method: "get", url: `/api/schema/${search(query, [])}` })).data;
    },
    async sessionsList(config?: AxiosRequestConfig): Promise<Operations["sessionsList"]["answer"]> {
      return (await http.request<Operations["sessionsList"]["answer"]>({ ...config, method: "get", url: `/api/sessions/` })).data;
    },
    async sessionsEndAll(query?: Operations["sessionsEndAll"]["query"], config?: AxiosRequestConfig): Promise<Operations["sessionsEndAll"]["answer"]> {
      await http.request({ ...config, method: "delete", url: `/api/sessions/${search(query, [])}` });
    },
    async sessionsDestroy(id: Operations["sessionsDestroy"]["path"]["id"], config?: AxiosRequestConfig): Promise<Operations["sessionsDestroy"]["answer"]> {
      await http.request({ ...config, method: "delete", url: `/api/sessions/${part(id)}/` });
    },
    async tokenCreate(body: Operations["tokenCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenCreate"]["answer"]> {
      return (await http.request<Operations["tokenCreate"]["answer"]>({ ...config, method: "post", url: `/api/token/`, data: sent(body) })).data;
    },
    async tokenBlacklistCreate(body: Operations["tokenBlacklistCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenBlacklistCreate"]["answer"]> {
      return (await http.request<Operations["tokenBlacklistCreate"]["answer"]>({ ...config, method: "post", url: `/api/token/blacklist/`, data: sent(body) })).data;
    },
    async tokenRefreshCreate(body: Operations["tokenRefreshCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenRefreshCreate"]["answer"]> {
      return (await http.request<Operations["tokenRefreshCreate"]["answer"]>({ ...config, method: "post", url: `/api/token/refresh/`, data: sent(body) })).data;
    },
    async tokenVerifyCreate(body: Operations["tokenVerifyCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["tokenVerifyCreate"]["answer"]> {
      return (await http.request<Operations["tokenVerifyCreate"]["answer"]>({ ...config, method: "post", url: `/api/token/verify/`, data: sent(body) })).data;
    },
    async userMeRetrieve(config?: AxiosRequestConfig): Promise<Operations["userMeRetrieve"]["answer"]> {
      return (await http.request<Operations["userMeRetrieve"]["answer"]>({ ...config, method: "get", url: `/api/user/me/` })).data;
    },
    async userMePartialUpdate(body?: Operations["userMePartialUpdate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userMePartialUpdate"]["answer"]> {
      return (await http.request<Operations["userMePartialUpdate"]["answer"]>({ ...config, method: "patch", url: `/api/user/me/`, data: sent(body) })).data;
    },
    async userMeDestroy(body: Operations["userMeDestroy"]["body"], config?: AxiosRequestConfig): Promise<Operations["userMeDestroy"]["answer"]> {
      await http.request({ ...config, method: "delete", url: `/api/user/me/`, data: sent(body) });
    },
    async userPasswordCreate(body: Operations["userPasswordCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userPasswordCreate"]["answer"]> {
      await http.request({ ...config, method: "post", url: `/api/user/password/`, data: sent(body) });
    },
    async userPasswordResetCreate(body: Operations["userPasswordResetCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userPasswordResetCreate"]["answer"]> {
      await http.request({ ...config, method: "post", url: `/api/user/password/reset/`, data: sent(body) });
    },
    async userPasswordResetConfirmCreate(body: Operations["userPasswordResetConfirmCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userPasswordResetConfirmCreate"]["answer"]> {
      await http.request({ ...config, method: "post", url: `/api/user/password/reset/confirm/`, data: sent(body) });
    },
    async userRegisterCreate(body: Operations["userRegisterCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["userRegisterCreate"]["answer"]> {
      return (await http.request<Operations["userRegisterCreate"]["answer"]>({ ...config, method: "post", url: `/api/user/register/`, data: sent(body) })).data;
    },
  };
}

/** What an operation refused, where that is why an error came; nothing for other errors. */
export function refusal<Name extends keyof Operations>(_name: Name, error: unknown): Refusal<Name> | undefined {
  const response = responseOf(error);
  return response === undefined || response.status < 400 ? undefined : (response as unknown as Refusal<Name>);
}

/** What is wrong with the fields that an operation took; nothing where that is not why an error came. */
export function fieldErrors<Name extends keyof Operations>(name: Name, error: unknown): FieldErrors<Name> | undefined {
  void name;
  const response = responseOf(error);
  if (response === undefined || response.status !== 400 || !isObject(response.data)) return undefined;
  const fields: { [field: string]: string[] } = {};
  for (const [field, wrong] of Object.entries(response.data)) fields[field] = texts(wrong);
  return fields as FieldErrors<Name>;
}

function responseOf(error: unknown): { status: number; data: unknown } | undefined {
  const response = isObject(error) ? error["response"] : undefined;
  if (!isObject(response) || typeof response["status"] !== "number") return undefined;
  return { status: response["status"], data: response["data"] };
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All texts within, whatever they are within. */
function texts(wrong: unknown): string[] {
  if (typeof wrong === "string") return [wrong];
  if (Array.isArray(wrong)) return wrong.flatMap(texts);
  return isObject(wrong) ? Object.values(wrong).flatMap(texts) : [];
}

/** A part of a path. */
function part(value: unknown): string {
  return encodeURIComponent(String(value));
}

/** A query string: what is not there is left out, of several values each comes, or all with commas between. */
function search(query: object | undefined, joined: readonly string[]): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) all.append(name, String(value));
    else if (joined.includes(name)) all.append(name, value.map(String).join(","));
    else for (const one of value) all.append(name, String(one));
  }
  const text = all.toString();
  return text === "" ? "" : `?${text}`;
}

/** A body: JSON, or a form where a file is in it. */
function sent(body: unknown): unknown {
  return isObject(body) && Object.values(body).some(hasFile) ? form(body) : body;
}

function hasFile(value: unknown): boolean {
  return value instanceof Blob || (Array.isArray(value) && value.some(hasFile));
}

/** A form: lists member by member, nothing as the empty text. */
function form(body: unknown): FormData {
  const all = new FormData();
  for (const [name, value] of Object.entries(isObject(body) ? body : {})) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one instanceof Blob) all.append(name, one);
      else if (one === null) all.append(name, "");
      else all.append(name, typeof one === "object" ? JSON.stringify(one) : String(one));
    }
  }
  return all;
}
