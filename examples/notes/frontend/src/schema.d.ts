// 0.0.0
// Written by `manage generateclient`: what is changed here is lost.

/** A user as the user sees it. */
export interface CurrentUser {
  id: number;
  /** Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
  username: string;
  email: string | "";
  first_name: string;
  last_name: string;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface CurrentUserErrors {
  username?: string[];
  email?: string[];
  first_name?: string[];
  last_name?: string[];
  non_field_errors?: string[];
}

/** Why a request was refused. */
export interface ErrorDetail {
  /** What is wrong, in words. */
  detail: string;
  /** What is wrong, for programs. */
  code?: string;
}

export interface Note {
  id: number;
  title: string;
  content: string;
  created_at: string;
  author: number;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface NoteErrors {
  title?: string[];
  content?: string[];
  non_field_errors?: string[];
}

export interface NoteRequest {
  title: string;
  content: string;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface PasswordChangeErrors {
  old_password?: string[];
  new_password?: string[];
  non_field_errors?: string[];
}

export interface PasswordChangeRequest {
  old_password: string;
  new_password: string;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface PasswordResetConfirmErrors {
  uid?: string[];
  token?: string[];
  new_password?: string[];
  non_field_errors?: string[];
}

export interface PasswordResetConfirmRequest {
  uid: string;
  token: string;
  new_password: string;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface PasswordResetErrors {
  email?: string[];
  non_field_errors?: string[];
}

export interface PasswordResetRequest {
  email: string;
}

/** A user as the user sees it. */
export interface PatchedCurrentUserRequest {
  /** Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
  username?: string;
  email?: string | "";
  first_name?: string;
  last_name?: string;
}

export interface PatchedNoteRequest {
  title?: string;
  content?: string;
}

export interface Registration {
  id: number;
  /** Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
  username: string;
  email: string | "";
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface RegistrationErrors {
  username?: string[];
  email?: string[];
  password?: string[];
  non_field_errors?: string[];
}

export interface RegistrationRequest {
  /** Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
  username: string;
  email?: string | "";
  password: string;
}

export type TokenBlacklist = {
};

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface TokenBlacklistErrors {
  refresh?: string[];
  non_field_errors?: string[];
}

export interface TokenBlacklistRequest {
  refresh: string;
}

export interface TokenObtainPair {
  access: string;
  refresh: string;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface TokenObtainPairErrors {
  username?: string[];
  password?: string[];
  non_field_errors?: string[];
}

export interface TokenObtainPairRequest {
  username: string;
  password: string;
}

export interface TokenRefresh {
  refresh: string;
  access: string;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface TokenRefreshErrors {
  refresh?: string[];
  non_field_errors?: string[];
}

export interface TokenRefreshRequest {
  refresh: string;
}

/** A session, as its user sees it. */
export interface TokenSession {
  id: string;
  created_at: string;
  last_used_at: string;
  expires_at: string | null;
  user_agent: string;
  address: string;
  is_current: boolean;
}

export type TokenVerify = {
};

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface TokenVerifyErrors {
  token?: string[];
  non_field_errors?: string[];
}

export interface TokenVerifyRequest {
  token: string;
}

export interface User {
  id: number;
  /** Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
  username: string;
}

/** What is wrong, by field; whatever belongs to none stands by its own name. */
export interface UserErrors {
  username?: string[];
  password?: string[];
  non_field_errors?: string[];
}

export interface UserRequest {
  /** Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
  username: string;
  password: string;
}

/** What each operation takes, answers and refuses, by its name. */
export interface Operations {
  /** `GET /api/notes/` */
  notesList: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: never;
    answer: Note[];
    refusals: {
      401: ErrorDetail;
      403: ErrorDetail;
    };
  };
  /** `POST /api/notes/` */
  notesCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: NoteRequest;
    answer: Note;
    refusals: {
      400: NoteErrors | ErrorDetail | string[];
      401: ErrorDetail;
      403: ErrorDetail;
      415: ErrorDetail;
    };
  };
  /** `GET /api/notes/{id}/` */
  notesRetrieve: {
    path: {
      id: number;
    };
    query: { [name: string]: never };
    body: never;
    answer: Note;
    refusals: {
      401: ErrorDetail;
      403: ErrorDetail;
      404: ErrorDetail;
    };
  };
  /** `PUT /api/notes/{id}/` */
  notesUpdate: {
    path: {
      id: number;
    };
    query: { [name: string]: never };
    body: NoteRequest;
    answer: Note;
    refusals: {
      400: NoteErrors | ErrorDetail | string[];
      401: ErrorDetail;
      403: ErrorDetail;
      404: ErrorDetail;
      415: ErrorDetail;
    };
  };
  /** `PATCH /api/notes/{id}/` */
  notesPartialUpdate: {
    path: {
      id: number;
    };
    query: { [name: string]: never };
    body: PatchedNoteRequest;
    answer: Note;
    refusals: {
      400: NoteErrors | ErrorDetail | string[];
      401: ErrorDetail;
      403: ErrorDetail;
      404: ErrorDetail;
      415: ErrorDetail;
    };
  };
  /** `DELETE /api/notes/{id}/` */
  notesDestroy: {
    path: {
      id: number;
    };
    query: { [name: string]: never };
    body: never;
    answer: void;
    refusals: {
      401: ErrorDetail;
      403: ErrorDetail;
      404: ErrorDetail;
    };
  };
  /** `POST /api/register/` */
  registerCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: UserRequest;
    answer: User;
    refusals: {
      400: UserErrors | ErrorDetail | string[];
      401: ErrorDetail;
      415: ErrorDetail;
    };
  };
  /** `GET /api/schema/` */
  schemaRetrieve: {
    path: { [name: string]: never };
    query: {
      format?: "json" | "yaml";
    };
    body: never;
    answer: { [name: string]: unknown };
    refusals: {
      401: ErrorDetail;
      403: ErrorDetail;
      404: ErrorDetail;
    };
  };
  /** `GET /api/sessions/` */
  sessionsList: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: never;
    answer: TokenSession[];
    refusals: {
      401: ErrorDetail;
      403: ErrorDetail;
    };
  };
  /** `DELETE /api/sessions/` */
  sessionsEndAll: {
    path: { [name: string]: never };
    query: {
      /** Keeps the session that the request came with. */
      but?: "current";
    };
    body: never;
    answer: void;
    refusals: {
      400: ErrorDetail | unknown[] | { [name: string]: unknown };
      401: ErrorDetail;
      403: ErrorDetail;
      404: ErrorDetail;
    };
  };
  /** `DELETE /api/sessions/{id}/` */
  sessionsDestroy: {
    path: {
      id: string;
    };
    query: { [name: string]: never };
    body: never;
    answer: void;
    refusals: {
      401: ErrorDetail;
      403: ErrorDetail;
      404: ErrorDetail;
    };
  };
  /** `POST /api/token/` */
  tokenCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: TokenObtainPairRequest;
    answer: TokenObtainPair;
    refusals: {
      400: TokenObtainPairErrors | ErrorDetail | string[];
      401: ErrorDetail;
      415: ErrorDetail;
      429: ErrorDetail;
    };
  };
  /** `POST /api/token/blacklist/` */
  tokenBlacklistCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: TokenBlacklistRequest;
    answer: TokenBlacklist;
    refusals: {
      400: TokenBlacklistErrors | ErrorDetail | string[];
      401: ErrorDetail;
      415: ErrorDetail;
      429: ErrorDetail;
    };
  };
  /** `POST /api/token/refresh/` */
  tokenRefreshCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: TokenRefreshRequest;
    answer: TokenRefresh;
    refusals: {
      400: TokenRefreshErrors | ErrorDetail | string[];
      401: ErrorDetail;
      415: ErrorDetail;
      429: ErrorDetail;
    };
  };
  /** `POST /api/token/verify/` */
  tokenVerifyCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: TokenVerifyRequest;
    answer: TokenVerify;
    refusals: {
      400: TokenVerifyErrors | ErrorDetail | string[];
      401: ErrorDetail;
      415: ErrorDetail;
      429: ErrorDetail;
    };
  };
  /** `GET /api/user/me/` */
  userMeRetrieve: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: never;
    answer: CurrentUser;
    refusals: {
      401: ErrorDetail;
      403: ErrorDetail;
    };
  };
  /** `PATCH /api/user/me/` */
  userMePartialUpdate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: PatchedCurrentUserRequest;
    answer: CurrentUser;
    refusals: {
      400: CurrentUserErrors | ErrorDetail | string[];
      401: ErrorDetail;
      403: ErrorDetail;
      415: ErrorDetail;
    };
  };
  /** `DELETE /api/user/me/` */
  userMeDestroy: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: {
      password: string;
    };
    answer: void;
    refusals: {
      400: ErrorDetail | unknown[] | { [name: string]: unknown };
      401: ErrorDetail;
      403: ErrorDetail;
    };
  };
  /** `POST /api/user/password/` */
  userPasswordCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: PasswordChangeRequest;
    answer: void;
    refusals: {
      400: PasswordChangeErrors | ErrorDetail | string[];
      401: ErrorDetail;
      403: ErrorDetail;
      415: ErrorDetail;
    };
  };
  /** `POST /api/user/password/reset/` */
  userPasswordResetCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: PasswordResetRequest;
    answer: void;
    refusals: {
      400: PasswordResetErrors | ErrorDetail | string[];
      415: ErrorDetail;
    };
  };
  /** `POST /api/user/password/reset/confirm/` */
  userPasswordResetConfirmCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: PasswordResetConfirmRequest;
    answer: void;
    refusals: {
      400: PasswordResetConfirmErrors | ErrorDetail | string[];
      415: ErrorDetail;
    };
  };
  /** `POST /api/user/register/` */
  userRegisterCreate: {
    path: { [name: string]: never };
    query: { [name: string]: never };
    body: RegistrationRequest;
    answer: Registration;
    refusals: {
      400: RegistrationErrors | ErrorDetail | string[];
      401: ErrorDetail;
      415: ErrorDetail;
    };
  };
}
