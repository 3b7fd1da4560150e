// What the reader keeps as a file.
const READ = 60000; // milliseconds in which the browser has taken it, however busy

export function saveBlob(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ);
}

export const save = (name: string, text: string, type = 'text/csv'): void => saveBlob(name, new Blob([text], { type }));
