const FORBIDDEN = /[\r\n\0]/;

/** A POST with this body, as it goes over the wire. @throws when a header's value could end the header */
export function requestText(url: URL, headers: Readonly<Record<string, string>>, body: string): string {
  let head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n`;
  for (const name in headers) {
    const value = headers[name] as string;
    if (FORBIDDEN.test(value)) throw new TypeError(`The header ${name} cannot be sent.`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
