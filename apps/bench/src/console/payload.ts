/** JSON of about so many bytes, as a business backend would answer it. */
export function jsonOf(bytes: number): string {
  const count = Math.floor(bytes / (item(0).length + 1));
  return `{"items":[${Array.from({ length: count }, (_, index) => item(index)).join()}]}`;
}

// Every item is as long as every other, so that the whole has the size that was asked for.
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
