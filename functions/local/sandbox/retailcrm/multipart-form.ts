/** Text fields of a multipart/form-data body; file parts are skipped. The API takes this encoding beside urlencoded. */
export function multipartFields(body: Buffer, contentType: string): [string, string][] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return [];
  const parts = body.toString('utf8').split(`--${mark}`).slice(1, -1);
  return parts.flatMap((part): [string, string][] => {
    const headEnd = part.indexOf('\r\n\r\n');
    const head = part.slice(0, headEnd);
    const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined || /;\s*filename=/i.test(head)) return [];
    return [[name, part.slice(headEnd + 4, -2)]];
  });
}
