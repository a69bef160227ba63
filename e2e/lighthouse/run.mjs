// Runs Lighthouse over pages of a site and prints one line of JSON for each run.
// stdin: {"tools": "directory with node_modules", "chrome": "path", "runs": 1, "categories": [...],
//         "pages": [{"name": "explore", "url": "http://...", "cookie": "session=..."}]}
// One browser serves all runs; Lighthouse's own defaults are the mobile device and its simulated slow line.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const job = JSON.parse(readFileSync(0, 'utf8'));
const tools = createRequire(join(job.tools, 'package.json'));
const load = async (name) => (await import(pathToFileURL(tools.resolve(name)).href)).default;
const lighthouse = await load('lighthouse');
const puppeteer = await load('puppeteer-core'); // what lighthouse itself drives the browser with

const profile = mkdtempSync(join(tmpdir(), 'vitrine-lighthouse-'));
const chrome = spawn(job.chrome, ['--headless=new', '--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage',
	'--disable-gpu', '--hide-scrollbars', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });

// port reads where the browser listens from what it says.
const port = await new Promise((resolve, reject) => {
	let said = '';
	chrome.stderr.on('data', (text) => {
		said += text;
		const at = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(said);
		if (at) resolve(Number(at[1]));
	});
	chrome.on('exit', () => reject(new Error(`the browser ended: ${said}`)));
});

// sign gives the browser the page's cookies, no others, and an empty cache. A header would not do: the line for live messages gets none.
const sign = async ({ url, cookie }) => {
	const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}` });
	const tab = await browser.newPage();
	const line = await tab.createCDPSession();
	await line.send('Network.clearBrowserCookies');
	await line.send('Network.clearBrowserCache'); // everybody comes for the first time
	for (const [name, value] of (cookie ?? '').split('; ').filter(Boolean).map((one) => one.split(/=(.*)/s))) {
		await line.send('Network.setCookie', { name, value, url });
	}
	await tab.close();
	browser.disconnect();
};

// What it says when it missed the beginning of a recording, or the machine was too slow for it: nothing about the page.
const missed = ['NO_NAVSTART', 'NO_FCP', 'PAGE_HUNG', 'PROTOCOL_TIMEOUT'];

// look runs Lighthouse up to three times, until it has seen the page.
const look = async (page) => {
	for (let attempt = 1; ; attempt++) {
		await sign(page);
		const { lhr } = await lighthouse(page.url, { port, logLevel: 'error', output: 'json', onlyCategories: job.categories,
			// Later versions have dropped it; axe judges targets by WCAG 2.2.
			skipAudits: ['tap-targets'], disableStorageReset: true });
		if (!missed.includes(lhr.runtimeError?.code) || attempt === 3) return lhr;
	}
};

const failed = (report, category) => report.categories[category].auditRefs
	.filter(({ id, weight }) => weight > 0 && report.audits[id].score !== null && report.audits[id].score < 1)
	.map(({ id }) => `${id}: ${report.audits[id].title} ${where(report.audits[id])}`);

// where names the first places that an audit complains of.
const where = (audit) => (audit.details?.items ?? []).slice(0, 3)
	.map(({ node, tapTarget, size, overlappingTarget }) => [(tapTarget ?? node)?.selector, size, overlappingTarget?.selector].filter(Boolean).join(' '))
	.filter(Boolean).map((place) => `(${place})`).join(' ');

try {
	for (let run = 0; run < job.runs; run++) {
		for (const page of job.pages) {
			const lhr = await look(page);
			const value = (id) => lhr.audits[id]?.numericValue ?? null;
			const out = { name: page.name, error: lhr.runtimeError?.message ?? '', scores: {}, failed: [],
				lcp: value('largest-contentful-paint'), cls: value('cumulative-layout-shift'), tbt: value('total-blocking-time') };
			for (const category of Object.keys(lhr.categories)) {
				out.scores[category] = Math.round((lhr.categories[category].score ?? 0) * 100);
				if (category !== 'performance') out.failed.push(...failed(lhr, category));
			}
			console.log(JSON.stringify(out));
		}
	}
} finally {
	chrome.removeAllListeners('exit');
	const gone = new Promise((resolve) => chrome.once('close', resolve));
	chrome.kill('SIGKILL');
	await gone;
	// Its helpers end a little later, and may still write.
	rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
