// A browser starts no worker from a file. The search then runs in a frame of the page instead,
// so that the site can be read from a folder, without a server and without a network.
if (location.protocol === "file:") {
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      this.waiting = [];
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "search";
      document.body.append(frame);
      const inside = frame.contentWindow;
      const answer = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      const base = new URL(url, location);
      const load = (address) =>
        new Promise((done, failed) => {
          const script = frame.contentDocument.createElement("script");
          script.src = new URL(address, base).href;
          script.onload = done;
          script.onerror = failed;
          frame.contentDocument.body.append(script);
        });
      inside.postMessage = (data) => setTimeout(() => answer(data));
      inside.importScripts = (...addresses) =>
        addresses.reduce((before, address) => before.then(() => load(address)), Promise.resolve());
      this.receive = (data) => inside.dispatchEvent(new inside.MessageEvent("message", { data }));
      load(base).then(() => {
        this.ready = true;
        this.waiting.splice(0).forEach(this.receive);
      });
    }
    postMessage(data) {
      this.ready ? this.receive(data) : this.waiting.push(data);
    }
    set onmessage(listener) {
      this.addEventListener("message", listener);
    }
    terminate() {}
  };
}
