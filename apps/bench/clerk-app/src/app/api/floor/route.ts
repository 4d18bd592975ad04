/** Measures the cost of a route that reads and returns JSON, as every tool call does. */
export async function POST(request: Request) {
  const body = await request.json();
  return Response.json({ ok: true, body });
}
