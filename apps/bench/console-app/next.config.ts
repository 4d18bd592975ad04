import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const nextConfig: NextConfig = { typescript: { ignoreBuildErrors: true }, poweredByHeader: false };

export default createNextIntlPlugin("../../web/src/i18n/request.ts")(nextConfig);
