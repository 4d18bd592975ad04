/** A kind of secret that its shape gives away; where `isSecret` is given it decides on each match. */
export type SecretPattern = {
  /** Texts of which one must occur before the pattern is tried: looking for them costs a tenth of it. */
  hints: string[];
  pattern: RegExp;
  isSecret?: (found: string) => boolean;
};

/** Every pattern is linear in its text: what repeats is bounded, or cannot match what follows it. */
export const secretPatterns: SecretPattern[] = [
  // JSON Web Tokens, also cut ones: sessions, Supabase's older keys, n8n's API keys.
  { hints: ["eyJ"], pattern: /eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g },
  {
    hints: [" ", "\t", "\n"],
    pattern: /\bbearer\s{1,4}[\w.~+/=-]{8,}/gi,
    isSecret: (found) => /\d|\S{20}/.test(found),
  },
  { hints: [" ", "\t", "\n"], pattern: /\bbasic\s{1,4}[\w+/-]{4,}={0,2}/gi, isSecret: isBasicCredential },
  {
    hints: ["PRIVATE KEY"],
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  // Keys by their makers' prefixes: Stripe, Clerk, GitHub, npm, Supabase, Metabase, Botpress, n8n, ours; Shopify; Hugging
  // Face; Notion, Linear, DigitalOcean, PostHog.
  {
    hints: ["_"],
    pattern:
      /\b(?:sk|pk|rk|ak|mt|oat|whsec|gh[opsur]|github_pat|npm|sb_secret|sb_publishable|sbp|mb|bp_(?:pat|bak|wak)|n8n(?:_api)?|sos_(?:live|test)|shp(?:at|ca|pa|ss|tka|ua|it)|hf|api_org|ntn|lin_api|dop_v1|ph[cx])_[\w-]{12,}/g,
  },
  // OpenAI, Anthropic and the like; GitLab; Slack; Mailgun; Google's client secrets; PyPI; Mercado Pago.
  {
    hints: ["-"],
    pattern:
      /\b(?:sk|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)|xox[abceoprs]|xapp|xwfp|key|GOCSPX|pypi|APP_USR|TEST)-[\w-]{12,}/g,
    isSecret: (found) => /\d/.test(found),
  },
  { hints: ["AKIA", "ASIA"], pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { hints: ["AIza"], pattern: /\bAIza[\w-]{30,}/g },
  { hints: ["ya29."], pattern: /\bya29\.[\w-]{10,}/g },
  { hints: ["1//0"], pattern: /\b1\/\/0[\w-]{20,}/g },
  { hints: ["EAA"], pattern: /\bEAA[A-Za-z0-9]{30,}/g },
  { hints: ["SG."], pattern: /\bSG\.[\w-]{10,}\.[\w-]{10,}/g },
  { hints: ["SK", "AC"], pattern: /\b(?:SK|AC)[0-9a-f]{32}\b/g }, // Twilio
  { hints: ["-us"], pattern: /\b[0-9a-f]{32}-us\d{1,2}\b/g }, // Mailchimp
  { hints: [":"], pattern: /(?<!\d)\d{8,10}:[\w-]{35}(?![\w-])/g }, // Telegram's bots
  { hints: ["."], pattern: /(?<![\w-])(?:[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,40}|mfa\.[\w-]{20,})/g }, // Discord's
  { hints: ["/webhooks/"], pattern: /(?<=\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/)[\w/-]+/gi },
  { hints: ["hooks.slack"], pattern: /(?<=\bhooks\.slack(?:-gov)?\.com\/)[\w/]+/gi },
  { hints: ["://"], pattern: /(?<=:\/\/)[^\s/@:]{0,200}:[^\s/]+(?=@)/g }, // user:password in a URL
  { hints: ["://"], pattern: /(?<=:\/\/)[\w.~-]{16,}(?=@)/g }, // and a token in their place
];

/** Returns whether the text after `Basic` holds credentials (RFC 7617), rather than the next word of a sentence. */
function isBasicCredential(found: string): boolean {
  return Buffer.from(found.replace(/^basic\s+/i, ""), "base64").includes(":");
}
