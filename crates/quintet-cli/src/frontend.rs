//! The front ends that a project can be made with: which file each template becomes.
//!
//! The TypeScript is written by hand; `scripts/javascript.mjs` makes the JavaScript of it, and a test says that it did.
//! `schema` and `client` are what `manage generateclient` writes in a new project; a test says that too.

use crate::template::Template;

/// How a page logs in: what becomes of the refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontendAuth {
    /// In a cookie that no script can read.
    Cookie,
    /// In a storage of the browser.
    Bearer,
}

/// The front end of a new project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frontend {
    /// An API alone.
    None,
    /// React, in JavaScript or in TypeScript.
    React {
        /// In TypeScript.
        typescript: bool,
        /// What becomes of the refresh token.
        auth: FrontendAuth,
    },
}

impl Frontend {
    /// Whether there is one.
    pub(crate) fn is_some(self) -> bool {
        self != Frontend::None
    }

    /// Its templates.
    pub(crate) fn templates(self) -> Vec<&'static Template> {
        let Frontend::React { typescript, auth } = self else { return Vec::new() };
        let (language, client) =
            if typescript { (TYPESCRIPT, TYPESCRIPT_CLIENT) } else { (JAVASCRIPT, JAVASCRIPT_CLIENT) };
        let tokens = match (typescript, auth) {
            (false, FrontendAuth::Cookie) => JAVASCRIPT_COOKIE,
            (false, FrontendAuth::Bearer) => JAVASCRIPT_BEARER,
            (true, FrontendAuth::Cookie) => TYPESCRIPT_COOKIE,
            (true, FrontendAuth::Bearer) => TYPESCRIPT_BEARER,
        };
        [PROJECT, COMMON, language, client, tokens].into_iter().flatten().collect()
    }
}

/// Every tree, with the folder of the project that it is written to.
#[cfg(test)]
pub(crate) const TREES: &[(&str, &str, &[Template])] = &[
    ("frontend/project/", "", PROJECT),
    ("frontend/common/", "frontend/", COMMON),
    ("frontend/javascript/", "frontend/", JAVASCRIPT),
    ("frontend/javascript-client/", "frontend/", JAVASCRIPT_CLIENT),
    ("frontend/javascript-cookie/", "frontend/", JAVASCRIPT_COOKIE),
    ("frontend/javascript-bearer/", "frontend/", JAVASCRIPT_BEARER),
    ("frontend/typescript/", "frontend/", TYPESCRIPT),
    ("frontend/typescript-client/", "frontend/", TYPESCRIPT_CLIENT),
    ("frontend/typescript-cookie/", "frontend/", TYPESCRIPT_COOKIE),
    ("frontend/typescript-bearer/", "frontend/", TYPESCRIPT_BEARER),
];

/// Files below one folder, which all are written below another under their own names.
macro_rules! tree {
    ($from:literal => $to:literal: $($file:literal $(as $name:literal)?,)*) => {
        &[$(Template {
            #[cfg(test)]
            source: concat!("frontend/", $from, $file),
            destination: tree!(@ $to, $file $(, $name)?),
            text: include_str!(concat!("../templates/frontend/", $from, $file)),
            private: false,
        },)*]
    };
    (@ $to:literal, $file:literal) => { concat!($to, $file) };
    (@ $to:literal, $file:literal, $name:literal) => { concat!($to, $name) };
}

const PROJECT: &[Template] = tree! {
    "project/" => "":
    "src/accounts.rs",
};

const COMMON: &[Template] = tree! {
    "common/" => "frontend/":
    ".env.tmpl" as ".env",
    ".gitignore.tmpl" as ".gitignore",
    "public/icon.svg",
    "src/schema.d.ts",
    "src/styles/base.css",
    "src/styles/colors.css",
    "src/styles/forms.css",
    "src/styles/index.css",
    "src/styles/layout.css",
    "src/styles/parts.css",
    "vite.config.js",
};

const JAVASCRIPT: &[Template] = tree! {
    "javascript/" => "frontend/":
    "eslint.config.js",
    "index.html",
    "package-lock.json",
    "package.json",
    "src/App.jsx",
    "src/api.js",
    "src/components/Field.jsx",
    "src/components/FieldErrors.jsx",
    "src/components/Form.jsx",
    "src/components/GuestRoute.jsx",
    "src/components/Layout.jsx",
    "src/components/LoadingIndicator.jsx",
    "src/components/Page.jsx",
    "src/components/ProtectedRoute.jsx",
    "src/components/Trouble.jsx",
    "src/components/notices.jsx",
    "src/components/useLoaded.js",
    "src/components/useSession.js",
    "src/components/useUndo.js",
    "src/components/user.jsx",
    "src/endpoints.js",
    "src/main.jsx",
    "src/pages/Account.jsx",
    "src/pages/ForgotPassword.jsx",
    "src/pages/Home.jsx",
    "src/pages/Login.jsx",
    "src/pages/NotFound.jsx",
    "src/pages/Register.jsx",
    "src/pages/ResetPassword.jsx",
    "src/pages/Sessions.jsx",
    "src/session/claims.js",
    "src/session/guard.js",
    "src/session/refresh.js",
    "src/session/state.js",
    "src/session/storage.js",
    "src/session/wake.js",
    "src/text/devices.js",
    "src/text/places.js",
    "src/text/times.js",
    "src/text/undo.js",
    "src/text/words.js",
    "tests/claims.test.js",
    "tests/form.test.jsx",
    "tests/guard.test.js",
    "tests/refresh.test.js",
    "tests/storage.test.js",
    "tests/text.test.js",
    "tests/tokens.js",
    "tests/undo.test.js",
    "tests/wake.test.js",
    "tests/words.test.js",
    "tsconfig.json",
};

const JAVASCRIPT_CLIENT: &[Template] = tree! {
    "javascript-client/" => "frontend/":
    "src/client.d.ts",
    "src/client.js",
};

const JAVASCRIPT_COOKIE: &[Template] = tree! {
    "javascript-cookie/" => "frontend/":
    "src/constants.js",
    "src/session/tokens.js",
    "tests/session.test.js",
};

const JAVASCRIPT_BEARER: &[Template] = tree! {
    "javascript-bearer/" => "frontend/":
    "src/constants.js",
    "src/session/tokens.js",
    "tests/session.test.js",
};

const TYPESCRIPT: &[Template] = tree! {
    "typescript/" => "frontend/":
    "eslint.config.js",
    "index.html",
    "package-lock.json",
    "package.json",
    "src/App.tsx",
    "src/api.ts",
    "src/components/Field.tsx",
    "src/components/FieldErrors.tsx",
    "src/components/Form.tsx",
    "src/components/GuestRoute.tsx",
    "src/components/Layout.tsx",
    "src/components/LoadingIndicator.tsx",
    "src/components/Page.tsx",
    "src/components/ProtectedRoute.tsx",
    "src/components/Trouble.tsx",
    "src/components/notices.tsx",
    "src/components/useLoaded.ts",
    "src/components/useSession.ts",
    "src/components/useUndo.ts",
    "src/components/user.tsx",
    "src/endpoints.ts",
    "src/main.tsx",
    "src/pages/Account.tsx",
    "src/pages/ForgotPassword.tsx",
    "src/pages/Home.tsx",
    "src/pages/Login.tsx",
    "src/pages/NotFound.tsx",
    "src/pages/Register.tsx",
    "src/pages/ResetPassword.tsx",
    "src/pages/Sessions.tsx",
    "src/session/claims.ts",
    "src/session/guard.ts",
    "src/session/refresh.ts",
    "src/session/state.ts",
    "src/session/storage.ts",
    "src/session/wake.ts",
    "src/text/devices.ts",
    "src/text/places.ts",
    "src/text/times.ts",
    "src/text/undo.ts",
    "src/text/words.ts",
    "tests/claims.test.ts",
    "tests/form.test.tsx",
    "tests/guard.test.ts",
    "tests/refresh.test.ts",
    "tests/storage.test.ts",
    "tests/text.test.ts",
    "tests/tokens.ts",
    "tests/undo.test.ts",
    "tests/wake.test.ts",
    "tests/words.test.ts",
    "tsconfig.json",
};

const TYPESCRIPT_CLIENT: &[Template] = tree! {
    "typescript-client/" => "frontend/":
    "src/client.ts",
};

const TYPESCRIPT_COOKIE: &[Template] = tree! {
    "typescript-cookie/" => "frontend/":
    "src/constants.ts",
    "src/session/tokens.ts",
    "tests/session.test.ts",
};

const TYPESCRIPT_BEARER: &[Template] = tree! {
    "typescript-bearer/" => "frontend/":
    "src/constants.ts",
    "src/session/tokens.ts",
    "tests/session.test.ts",
};
