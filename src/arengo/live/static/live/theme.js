// Sets the reader's theme before the first paint; a module would come too late.
try {
  document.documentElement.dataset.theme = localStorage.getItem("arengo.theme") ?? "auto";
} catch {
  // a browser that forbids storage: the system's theme
}
