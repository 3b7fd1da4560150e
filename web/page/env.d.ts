// What Vite makes of imports that aren't TypeScript.
declare module '*.js?raw' {
  const text: string;
  export default text;
}
declare module '*.css?inline' {
  const text: string;
  export default text;
}
