// What a visitor's page can do without comes once the page has loaded and been
// painted: on a slow line, a script would hold the first picture up.
const { then } = document.currentScript.dataset;
const patience = 3000; // ms, where a browser does not say that it has painted

const loaded = new Promise((done) => addEventListener("load", done));
const painted = new Promise((done) => {
  new PerformanceObserver(done).observe({ type: "paint", buffered: true });
  setTimeout(done, patience);
});

Promise.all([loaded, painted]).then(() => {
  const script = document.createElement("script");
  script.src = then;
  document.head.append(script);
});
