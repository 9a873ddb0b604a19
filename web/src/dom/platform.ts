// What the browser's platform changes.

export const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
