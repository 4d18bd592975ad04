export const asCurl = (p: any) => `curl ${p.name}`;
export const asToolsCall = (p: any) => JSON.stringify(p);
