export interface Tokens {
  access: string;
  refresh?: string;
}

export interface CurrentUser {
  readonly id: number;
  readonly username: string;
  email: string;
  first_name: string;
  last_name: string;
}

export interface TokenSession {
  readonly id: string;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly expires_at: string;
  readonly user_agent: string;
  readonly address: string | null;
  readonly is_current: boolean;
}

export interface Note {
  readonly id: number;
  title: string;
  content: string;
  readonly created_at: string;
  readonly author: number;
}
