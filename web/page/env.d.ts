// What Vite makes of imports that aren't TypeScript.
declare module '*?worker&inline' {
  const EngineWorker: new () => Worker;
  export default EngineWorker;
}
declare module '*.css';
