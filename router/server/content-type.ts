import { Refusal } from './refusal.ts';

const JSON_UTF8 = /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i;

/**
 * A POST must be JSON in UTF-8 that was sent as it is.
 * Everything a form could send is refused here, which is what keeps other sites from posting with a visitor's browser.
 * @throws Refusal 415
 */
export function checkContentType(type: string | undefined, encoding: string | undefined): void {
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Refusal(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      `A body with content-encoding ${encoding} is not read here.`,
      { 'accept-encoding': 'identity' },
    );
  }
  if (type === 'application/json' || (type !== undefined && JSON_UTF8.test(type))) return;
  if (type?.toLowerCase().startsWith('multipart/form-data')) {
    throw new Refusal(
      415,
      'UPLOAD_NOT_SUPPORTED',
      'File uploads by multipart request are not offered: upload to the URL a mutation gives you.',
      ACCEPT,
    );
  }
  const problem =
    type === undefined
      ? 'A POST needs the content type application/json.'
      : 'Only the content type application/json in UTF-8 is read here.';
  throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', problem, ACCEPT);
}

const ACCEPT = { 'accept-post': 'application/json' } as const;
