/** The floor: what a route costs that does nothing. */
export async function POST() {
  return new Response(null, { status: 204 });
}
