/** What any route costs that reads JSON and answers JSON, as every tool call does. */
export async function POST(request: Request) {
  const body = await request.json();
  return Response.json({ ok: true, body });
}
