/** No calls yet, and nothing wrong: whatever the console asks for beside its page. */
export function GET() {
  return Response.json({ items: [] });
}
