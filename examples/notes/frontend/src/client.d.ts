// 0.0.0
// Written by `manage generateclient`: what is changed here is lost.

import type { AxiosInstance, AxiosRequestConfig } from "axios";
import type { Operations } from "./schema.js";
export type * from "./schema.js";

/** A function for each operation. */
export interface Client {
  /** `GET /api/notes/` */
  notesList(config?: AxiosRequestConfig): Promise<Operations["notesList"]["answer"]>;
  /** `POST /api/notes/` */
  notesCreate(body: Operations["notesCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["notesCreate"]["answer"]>;
  /** `GET /api/notes/{id}/` */
  notesRetrieve(id: Operations["notesRetrieve"]["path"]["id"], config?: AxiosRequestConfig): Promise<Operations["notesRetrieve"]["answer"]>;
  /** `PUT /api/notes/{id}/` */
  notesUpdate(id: Operations["notesUpdate"]["path"]["id"], body: Operations["notesUpdate"]["body"], config?: AxiosRequestConfig): Promise<Operations["notesUpdate"]["answer"]>;
  /** `PATCH /api/notes/{id}/` */
  notesPartialUpdate(id: Operations["notesPartialUpdate"]["path"]["id"], body?: Operations["notesPartialUpdate"]["body"], config?: AxiosRequestConfig): Promise<Operations["notesPartialUpdate"]["answer"]>;
  /** `DELETE /api/notes/{id}/` */
  notesDestroy(id: Operations["notesDestroy"]["path"]["id"], config?: AxiosRequestConfig): Promise<Operations["notesDestroy"]["answer"]>;
  /** `POST /api/register/` */
  registerCreate(body: Operations["registerCreate"]["body"], config?: AxiosRequestConfig): Promise<Operations["registerCreate"]["answer"]>;
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
export function createClient(http: AxiosInstance): Client;

/** What an operation refused, where that is why an error came; nothing for other errors. */
export function refusal<Name extends keyof Operations>(name: Name, error: unknown): Refusal<Name> | undefined;

/** What is wrong with the fields that an operation took; nothing where that is not why an error came. */
export function fieldErrors<Name extends keyof Operations>(name: Name, error: unknown): FieldErrors<Name> | undefined;
