/** Remote write 1.0 by hand: protobuf, and Snappy without compression. */

/** A series: its labels and samples, times in milliseconds. */
export type Series = { labels: Record<string, string>; samples: [number, number][] };

class Bytes {
  private parts: number[] = [];

  varint(value: number): this {
    let rest = BigInt(Math.trunc(value));
    while (rest >= 128n) {
      this.parts.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.parts.push(Number(rest));
    return this;
  }

  field(number: number, bytes: Uint8Array): this {
    this.varint((number << 3) | 2).varint(bytes.length);
    for (const byte of bytes) this.parts.push(byte);
    return this;
  }

  double(number: number, value: number): this {
    this.varint((number << 3) | 1);
    for (const byte of new Uint8Array(new Float64Array([value]).buffer)) this.parts.push(byte);
    return this;
  }

  integer(number: number, value: number): this {
    return this.varint(number << 3).varint(value);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.parts);
  }
}

const utf8 = new TextEncoder();

function encoded(series: Series): Uint8Array {
  const out = new Bytes();
  for (const [name, value] of Object.entries(series.labels).sort(([a], [b]) => (a < b ? -1 : 1)))
    out.field(1, new Bytes().field(1, utf8.encode(name)).field(2, utf8.encode(value)).done());
  for (const [time, value] of series.samples) out.field(2, new Bytes().double(1, value).integer(2, time).done());
  return out.done();
}

/** A block of Snappy that holds `bytes` as they are. */
function snappy(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [new Bytes().varint(bytes.length).done()];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const piece = bytes.subarray(at, at + 65_536);
    const length = piece.length - 1;
    parts.push(Uint8Array.of(61 << 2, length & 255, length >> 8), piece);
  }
  return Buffer.concat(parts);
}

/** Sends series to a server that takes them. */
export async function push(url: string, series: Series[]): Promise<void> {
  const parts = series.map((one) => {
    const bytes = encoded(one);
    return Buffer.concat([new Bytes().varint((1 << 3) | 2).varint(bytes.length).done(), bytes]);
  });
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' },
    body: snappy(Buffer.concat(parts)),
  });
  if (!answer.ok) throw new Error(`remote write: ${answer.status} ${await answer.text()}`);
}
