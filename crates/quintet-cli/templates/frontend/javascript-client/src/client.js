// 0.0.0
// Written by `manage generateclient`: what is changed here is lost.

/** The functions over an instance of axios, whose `baseURL` is where the API is. */
export function createClient(http) {
  return {
    async schemaRetrieve(query, config) {
      return (await http.request({ ...config, method: "get", url: `/api/schema/${search(query, [])}` })).data;
    },
    async sessionsList(config) {
      return (await http.request({ ...config, method: "get", url: `/api/sessions/` })).data;
    },
    async sessionsEndAll(query, config) {
      await http.request({ ...config, method: "delete", url: `/api/sessions/${search(query, [])}` });
    },
    async sessionsDestroy(id, config) {
      await http.request({ ...config, method: "delete", url: `/api/sessions/${part(id)}/` });
    },
    async tokenCreate(body, config) {
      return (await http.request({ ...config, method: "post", url: `/api/token/`, data: sent(body) })).data;
    },
    async tokenBlacklistCreate(body, config) {
      return (await http.request({ ...config, method: "post", url: `/api/token/blacklist/`, data: sent(body) })).data;
    },
    async tokenRefreshCreate(body, config) {
      return (await http.request({ ...config, method: "post", url: `/api/token/refresh/`, data: sent(body) })).data;
    },
    async tokenVerifyCreate(body, config) {
      return (await http.request({ ...config, method: "post", url: `/api/token/verify/`, data: sent(body) })).data;
    },
    async userMeRetrieve(config) {
      return (await http.request({ ...config, method: "get", url: `/api/user/me/` })).data;
    },
    async userMePartialUpdate(body, config) {
      return (await http.request({ ...config, method: "patch", url: `/api/user/me/`, data: sent(body) })).data;
    },
    async userMeDestroy(body, config) {
      await http.request({ ...config, method: "delete", url: `/api/user/me/`, data: sent(body) });
    },
    async userPasswordCreate(body, config) {
      await http.request({ ...config, method: "post", url: `/api/user/password/`, data: sent(body) });
    },
    async userPasswordResetCreate(body, config) {
      await http.request({ ...config, method: "post", url: `/api/user/password/reset/`, data: sent(body) });
    },
    async userPasswordResetConfirmCreate(body, config) {
      await http.request({ ...config, method: "post", url: `/api/user/password/reset/confirm/`, data: sent(body) });
    },
    async userRegisterCreate(body, config) {
      return (await http.request({ ...config, method: "post", url: `/api/user/register/`, data: sent(body) })).data;
    },
  };
}

/** What an operation refused, where that is why an error came; nothing for other errors. */
export function refusal(_name, error) {
  const response = responseOf(error);
  return response === undefined || response.status < 400 ? undefined : response;
}

/** What is wrong with the fields that an operation took; nothing where that is not why an error came. */
export function fieldErrors(name, error) {
  void name;
  const response = responseOf(error);
  if (response === undefined || response.status !== 400 || !isObject(response.data)) return undefined;
  const fields = {};
  for (const [field, wrong] of Object.entries(response.data)) fields[field] = texts(wrong);
  return fields;
}

function responseOf(error) {
  const response = isObject(error) ? error["response"] : undefined;
  if (!isObject(response) || typeof response["status"] !== "number") return undefined;
  return { status: response["status"], data: response["data"] };
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All texts within, whatever they are within. */
function texts(wrong) {
  if (typeof wrong === "string") return [wrong];
  if (Array.isArray(wrong)) return wrong.flatMap(texts);
  return isObject(wrong) ? Object.values(wrong).flatMap(texts) : [];
}

/** A part of a path. */
function part(value) {
  return encodeURIComponent(String(value));
}

/** A query string: what is not there is left out, of several values each comes, or all with commas between. */
function search(query, joined) {
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
function sent(body) {
  return isObject(body) && Object.values(body).some(hasFile) ? form(body) : body;
}

function hasFile(value) {
  return value instanceof Blob || (Array.isArray(value) && value.some(hasFile));
}

/** A form: lists member by member, nothing as the empty text. */
function form(body) {
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
