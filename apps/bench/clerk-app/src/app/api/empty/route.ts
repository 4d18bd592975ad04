/** Measures the minimum cost of a route that does nothing. */
export async function POST() {
  return new Response(null, { status: 204 });
}
