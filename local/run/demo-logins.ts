import type { DemoLogin } from '../../router/server/index.ts';

const LOGIN = `mutation Login($input: LoginInput!) {
  login(input: $input) { tokens { accessToken } errors { code message } }
}`;

/** What the explorer sends to sign in as one of the demo accounts: what a visitor would. */
export async function demoLogins(): Promise<DemoLogin[]> {
  const { DEMO_PASSWORD: password, makeDemoAccounts } = await import('../seed/people/customers.ts');
  const { OPENED } = await import('../seed/index.ts');
  const emails = [...makeDemoAccounts(OPENED).map((account) => account.email), 'seller@aisle.example'];
  return emails.map((email) => ({
    label: email.split('@')[0] ?? email,
    query: LOGIN,
    variables: { input: { email, password } },
    token: 'login.tokens.accessToken',
  }));
}
