/** Creates JSON of about `bytes` bytes, like a business backend's response. */
export function jsonOf(bytes: number): string {
  const count = Math.floor(bytes / (item(0).length + 1));
  return `{"items":[${Array.from({ length: count }, (_, index) => item(index)).join()}]}`;
}

// All items have the same length, so that the total has the requested size.
function item(index: number): string {
  const number = 100_000 + index;
  return JSON.stringify({
    id: number,
    folio: `F-${number}`,
    glosa: "Venta de mostrador con despacho",
    neto: 1_000_000 + index * 119,
    pagada: index % 3 === 0 ? "si" : "no",
    lineas: [{ sku: `SKU-${10 + (index % 89)}`, cantidad: 1 + (index % 7) }],
  });
}
