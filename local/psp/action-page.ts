import type { Context } from './context.ts';
import { text } from './form.ts';
import { authoriseIntent, refuseAction } from './intent-state.ts';
import type { Params, PaymentIntent } from './types.ts';

export interface Page {
  readonly status: number;
  readonly html: string;
  readonly location?: string;
}

const PREFIX = '/pay/action/';

/** The page on which a buyer confirms a payment with the "bank": GET shows it, POST `decision=approve|decline` settles it. */
export function actionPage(context: Context, method: string, path: string, params: Params): Page {
  const secret = path.slice(PREFIX.length);
  const id = secret.split('_secret_')[0] ?? '';
  const intent = context.store.get<PaymentIntent>('payment_intent', id);
  if (!intent || intent.client_secret !== secret)
    return page(404, 'There is no such payment', '<p>The link is wrong or too old.</p>');
  const amount = `${(intent.amount / 100).toFixed(2)} ${intent.currency.toUpperCase()}`;
  if (intent.status !== 'requires_action')
    return page(
      200,
      'Nothing to confirm',
      `<p>The payment of ${amount} is ${intent.status.replaceAll('_', ' ')}.</p>`,
    );
  const decision = text(params, 'decision');
  if (method !== 'POST' || (decision !== 'approve' && decision !== 'decline')) {
    const button = (value: string, label: string) =>
      `<button name="decision" value="${value}">${label}</button>`;
    return page(
      200,
      'Confirm your payment',
      `<p>Your bank asks: pay <strong>${amount}</strong>?</p><form method="post">${button('approve', 'Approve')} ${button('decline', 'Decline')}</form>`,
    );
  }
  const settled = decision === 'approve' ? authoriseIntent(context, intent) : refuseAction(context, intent);
  const title = decision === 'approve' ? 'Payment approved' : 'Payment declined';
  const done = page(200, title, '<p>You can go back to the shop.</p>');
  const back = returnAddress(intent.return_url, settled);
  return back === undefined ? done : { ...done, status: 303, location: back };
}

export const isActionPath = (path: string) => path.startsWith(PREFIX);

function returnAddress(url: string | null | undefined, intent: PaymentIntent): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const back = new URL(url);
  if (back.protocol !== 'http:' && back.protocol !== 'https:') return undefined;
  back.searchParams.set('payment_intent', intent.id);
  back.searchParams.set(
    'redirect_status',
    intent.status === 'requires_payment_method' ? 'failed' : 'succeeded',
  );
  return back.href;
}

function page(status: number, title: string, body: string): Page {
  const style =
    'body{font:1.1rem system-ui;max-width:26rem;margin:15vh auto;padding:0 1rem}button{font:inherit;padding:.5rem 1.2rem}';
  return {
    status,
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style><h1>${title}</h1>${body}</html>`,
  };
}
