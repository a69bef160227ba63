package app

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"vitrine/tiers"
)

func TestLoad_defaultsAreUsable(t *testing.T) {
	c, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Tier != "1k" || c.Port != 8080 || c.BaseURL != "http://localhost:8080" || c.Switches["BLOBS"] != "disk" {
		t.Errorf("got %+v", c)
	}
}

func TestLoad_refusesWithASentence(t *testing.T) {
	for _, c := range []struct{ env, want string }{
		{"TIER=2k", "TIER=2k is not known; it must be one of 1k, 10k, 100k, 500k, 1m"},
		{"TIER=../1k", "is not known"},
		{"TIER=100k", "TIER=100k is not built yet: this version lacks POOLER=pgbouncer, CACHE=layered. Start with TIER=1k"},
		{"TIER=10k", "BLOBS=s3: the object store needs S3_BUCKET"},
		{"CDN=media", "CDN=media needs MEDIA_URL, the host of public renditions"},
		{"CDN=media MEDIA_URL=https://m.example", "CDN=media: what is taken down has to be purged: set CDN_PURGE_URL"},
		{"CDN=media MEDIA_URL=https://m.example CDN_PURGE_URL=10.0.0.4", "CDN_PURGE_URL=10.0.0.4 is not the address of a server"},
		{"CDN=media MEDIA_URL=https://m.example CDN_DISTRIBUTION=E2QWRUHAPOMQZL", "CDN_DISTRIBUTION needs CDN_ACCESS_KEY"},
		{"CDN=pages", "CDN=pages (what a content delivery network serves) is not built yet"},
		{"CACHE=layered", "CACHE=layered (what keeps the results of public reads) is not built yet; this version runs off or fill or redis"},
		{"CACHE=redis", "CACHE=redis needs REDIS_URL"},
		{"CACHE=memcached", "CACHE=memcached is not known"},
		{"PORT=http", "PORT=http is not a whole number, such as 8080"},
		{"QUERY_TIMEOUT=5", "QUERY_TIMEOUT=5 is not a length of time; it should look like 5s or 2m"},
		{"DEV=perhaps", "DEV=perhaps is neither true nor false"},
		{"DATABASE_URL=nonsense", "DATABASE_URL: the database URL cannot be parsed; it should look like postgres://"},
		{"DATABASE_URL=mysql://u:p@h/db", "DATABASE_URL: the database URL cannot be parsed"},
		{"DATABASE_REPLICA_URLS=postgres://u:p@h/db", "DATABASE_REPLICA_URLS is not built yet"},
		{"PORT=70000", "PORT=70000 is not a port"},
		{"DATABSE_URL=x", "did you mean DATABASE_URL?"},
		{"DATA_DRI=x", "did you mean DATA_DIR?"},
		{"BASE_URL=ftp://x", "is not the address of a site"},
		{"BASE_URL=https://x/y", "is not the address of a site"},
		{"TRUSTED_PROXIES=10.0.0.0/40", "is not a network"},
		{"MAIL=smtp", "MAIL=smtp needs SMTP_URL"},
		{"MAIL=pigeon", "MAIL=pigeon is not known"},
		{"SECRET=short", "SECRET is too short"},
		{"LOG_LEVEL=loud", "LOG_LEVEL=loud is not known"},
		{"DEV=false", "would send no mail"},
		{"ADMIN_ADDR=9090", "should look like 127.0.0.1:9090, or be off"},
		{"SENTRY_DSN=https://errors.example/1", "SENTRY_DSN has no key before the @; it should look like"},
		{"MEDIA_WORKERS=0", "between 1 and 64"},
		{"BLOBS=s3", "BLOBS=s3: the object store needs S3_BUCKET"},
		{"S3_BUCKET=b S3_ACCESS_KEY=a", "BLOBS=disk: S3_ACCESS_KEY and S3_SECRET_KEY belong together"},
		{"MEDIA_URL=media.example", "MEDIA_URL=media.example is not the address of a host"},
		{"MEDIA_URL=http://localhost:8080", "MEDIA_URL is the host of BASE_URL"},
		{"SESSIONS=fill", "SESSIONS=fill needs REDIS_URL, such as redis://"},
		{"SESSIONS=redis", "SESSIONS=redis needs REDIS_URL, such as redis://"},
		{"SESSIONS=files", "SESSIONS=files is not known; it must be one of postgres, fill, redis"},
		{"LIMITS=redis", "LIMITS=redis needs REDIS_URL, such as redis://"},
		{"REDIS_URL=http://h:6379", "REDIS_URL is not the address of a Redis"},
	} {
		_, err := Load(strings.Fields(c.env))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.env, err, c.want)
		}
	}
}

func TestLoad_environmentOverridesTheTier(t *testing.T) {
	c, err := Load([]string{"PORT=9", "SEARCH=postgres", "HOME=/root", "DEV=false", "MAIL=smtp", "SMTP_URL=smtp://u:hidden@h:587", "SENTRY_DSN=https://hidden@errors.example/1", "TRUSTED_PROXIES=10.0.0.0/8, ::1"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Port != 9 || c.Dev {
		t.Errorf("got %+v", c)
	}
	var out bytes.Buffer
	c.Secret = strings.Repeat("s3cret", 8)
	c.DatabaseURL = "postgres://o:hidden@h/db"
	c.Print(&out)
	if strings.Contains(out.String(), "hidden") || strings.Contains(out.String(), "s3cret") {
		t.Errorf("a secret is printed:\n%s", out.String())
	}
	if !strings.Contains(out.String(), "CACHE=off") || !strings.Contains(out.String(), "PORT=9") {
		t.Errorf("not printed:\n%s", out.String())
	}
}

// Every tier names every switch with a value that the design knows, and nothing
// else; of values that are not built yet the refusal is a sentence.
func TestTiers_nameEverySwitch(t *testing.T) {
	for _, tier := range tiers.Names {
		values, err := tierFile(tier)
		if err != nil {
			t.Fatal(err)
		}
		if len(values) != len(switches) {
			t.Errorf("tier %s has %d switches, want %d", tier, len(values), len(switches))
		}
		if err := checkSwitches(tier, values, values); err != nil && !strings.Contains(err.Error(), "is not built yet") {
			t.Errorf("tier %s: %v", tier, err)
		}
	}
	values, err := tierFile("1k")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSwitches("1k", values, values); err != nil {
		t.Errorf("1k must run: %v", err)
	}
	values["SURPRISE"] = "on"
	if err := checkSwitches("1k", values, values); err == nil || !strings.Contains(err.Error(), "SURPRISE is not known") {
		t.Errorf("got %v", err)
	}
}

func TestDigest_followsTheSwitches(t *testing.T) {
	a, b := Config{Switches: map[string]string{"A": "1", "B": "2"}}, Config{Switches: map[string]string{"B": "2", "A": "1"}}
	if a.Digest() != b.Digest() {
		t.Error("the digest depends on the order")
	}
	b.Switches["B"] = "3"
	if a.Digest() == b.Digest() {
		t.Error("the digest does not depend on a value")
	}
}

func TestConfigurationReference_hasEveryKey(t *testing.T) {
	raw, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys() {
		if k.Doc == "" || !strings.Contains(string(raw), "| `"+k.Name+"` | "+orDash(k.Default)+" | "+k.Doc+" |") {
			t.Errorf("docs/configuration.md has no true line for %s; run `go run . docs > docs/configuration.md`", k.Name)
		}
	}
	for _, s := range Switches() {
		if !strings.Contains(string(raw), "| `"+s.Name+"` | "+s.Doc+" |") {
			t.Errorf("docs/configuration.md has no true line for the switch %s; run `go run . docs > docs/configuration.md`", s.Name)
		}
	}
}
