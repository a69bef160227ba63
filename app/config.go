package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"

	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
	"vitrine/tiers"
)

// Config is everything that can be set. Switches come from the tier's file;
// each of them and every key below can be overridden by the environment.
// Every key has a usable default and a line in docs/configuration.md.
type Config struct {
	Tier     string            `env:"TIER" envDefault:"1k" doc:"the deployment tier: 1k, 10k, 100k, 500k or 1m"`
	Switches map[string]string `env:"-"`

	Port      int    `env:"PORT" envDefault:"8080" doc:"the public port"`
	Host      string `env:"HOST" envDefault:"127.0.0.1" doc:"the address the public port listens on; 0.0.0.0 behind a proxy or in a container"`
	AdminAddr string `env:"ADMIN_ADDR" envDefault:"127.0.0.1:0" doc:"where metrics, health and pprof listen; port 0 picks a free one and logs it; off: nowhere"`
	BaseURL   string `env:"BASE_URL" doc:"how people reach the site, for links in mails and feeds; http://localhost:PORT when empty"`
	Contact   string `env:"CONTACT" doc:"the address of mail at which people reach those who run the site; suspended people are told it; nothing is told when empty"`
	DataDir   string `env:"DATA_DIR" envDefault:"data" doc:"where the private PostgreSQL, uploads, files and the secret lie"`
	Proxies   string `env:"TRUSTED_PROXIES" doc:"comma-separated networks whose X-Forwarded-* headers are believed"`

	DatabaseURL string        `env:"DATABASE_URL" secret:"url" doc:"PostgreSQL as the owner of the tables; without it a private server is started in DATA_DIR"`
	ReplicaURLs string        `env:"DATABASE_REPLICA_URLS" secret:"all" doc:"PostgreSQL replicas that reads go to, comma-separated; not built yet, and refused"`
	RedisURL    string        `env:"REDIS_URL" secret:"url" doc:"Redis as redis://:password@host:6379/0, or rediss:// over TLS; for the switches that name it, and it may lose everything at any time"`
	S3Endpoint  string        `env:"S3_ENDPOINT" doc:"the object store, such as https://s3.example.com; AWS in S3_REGION when empty"`
	S3Region    string        `env:"S3_REGION" envDefault:"us-east-1" doc:"the region of the object store"`
	S3Bucket    string        `env:"S3_BUCKET" doc:"the bucket of originals and renditions, closed to the public; for BLOBS=s3, and for BLOBS=disk as long as files lie there"`
	S3AccessKey string        `env:"S3_ACCESS_KEY" doc:"who may read, write, list and delete in the bucket; empty together with S3_SECRET_KEY: the role of the machine or container that this runs on, as AWS tells it"`
	S3SecretKey string        `env:"S3_SECRET_KEY" secret:"all" doc:"the secret that belongs to S3_ACCESS_KEY"`
	MediaURL    string        `env:"MEDIA_URL" doc:"the host of public renditions, such as https://media.vitrine.example: a CDN that asks this site for /m/; for CDN=media"`
	Migrate     string        `env:"MIGRATE" envDefault:"start" doc:"start: serve migrates first; off: only the migrate command does"`
	PoolApp     int           `env:"DATABASE_POOL" envDefault:"20" doc:"connections for requests, at most"`
	PoolWorker  int           `env:"DATABASE_WORKER_POOL" envDefault:"10" doc:"connections for jobs, at most"`
	Secret      string        `env:"SECRET" secret:"all" doc:"at least 32 characters; database role passwords are derived from it; made and kept in DATA_DIR when empty"`
	Grace       time.Duration `env:"GRACE" envDefault:"0s" doc:"how long a process that is told to stop answers on while /readyz says no, so that a balancer notices: longer than the time between two of its looks"`
	Drain       time.Duration `env:"DRAIN" envDefault:"10s" doc:"how long requests and tasks may finish after that"`

	PurgeURL     string `env:"CDN_PURGE_URL" doc:"where the CDN takes the method PURGE, such as http://10.0.0.4:8082: an nginx with ngx_cache_purge, whose port for it is closed to the world; for CDN=media"`
	Distribution string `env:"CDN_DISTRIBUTION" doc:"the CDN's id at CloudFront, such as E2QWRUHAPOMQZL, in place of CDN_PURGE_URL"`
	CDNAccessKey string `env:"CDN_ACCESS_KEY" doc:"who may call cloudfront:CreateInvalidation for CDN_DISTRIBUTION"`
	CDNSecretKey string `env:"CDN_SECRET_KEY" secret:"all" doc:"the secret that belongs to CDN_ACCESS_KEY"`

	Mail     string `env:"MAIL" envDefault:"mailbox" doc:"mailbox: mails are kept and shown on the development mailbox page; smtp: they are sent"`
	SMTPURL  string `env:"SMTP_URL" secret:"url" doc:"smtp://user:password@host:587 or smtps://…:465, for MAIL=smtp"`
	MailFrom string `env:"MAIL_FROM" envDefault:"Vitrine <vitrine@localhost>" doc:"the sender of every mail"`

	Dev      bool   `env:"DEV" envDefault:"true" doc:"development pages (mailbox, components) and assets from disk; turn it off on a public site"`
	Demo     string `env:"DEMO" envDefault:"auto" doc:"auto: the first start with an empty database fills it with demo works; off: never"`
	LogLevel string `env:"LOG_LEVEL" envDefault:"info" doc:"debug, info, warn or error; text on a terminal, JSON elsewhere"`
	OTLP     string `env:"OTEL_EXPORTER_OTLP_ENDPOINT" doc:"where traces go (OTLP over HTTP); none when empty"`

	BenchAddr string `env:"BENCH_ADDR" doc:"where a benchmark finds handlers to measure the pages against; open on no site, so empty"`

	Sentry string `env:"SENTRY_DSN" secret:"all" doc:"a Sentry-compatible service that gets the errors of /admin/errors, too, such as https://key@errors.example/1; none when empty"`

	MediaWorkers int           `env:"MEDIA_WORKERS" envDefault:"2" doc:"files that are processed at the same time"`
	QueryTimeout time.Duration `env:"QUERY_TIMEOUT" envDefault:"5s" doc:"how long a request's transaction may take"`

	// Turns of each class of requests, see package limit, and places for each kind.
	LimitDynamic  int `env:"LIMIT_DYNAMIC" envDefault:"120" doc:"pages and forms a minute of one member, or of one visitor's address (IPv6: /64); half of them at once. 0 is no limit, here and below"`
	LimitSessions int `env:"LIMIT_SESSIONS" envDefault:"1200" doc:"session cookies looked up a minute for one address; half at once"`
	LimitFiles    int `env:"LIMIT_FILES" envDefault:"3000" doc:"renditions, originals and parts of uploads a minute for one address; a third at once"`
	LimitLogin    int `env:"LIMIT_LOGIN" envDefault:"40" doc:"passwords tried in 15 minutes from one address, right or wrong; half at once"`
	LimitSignup   int `env:"LIMIT_SIGNUP" envDefault:"20" doc:"sign-ups an hour from one address; half at once"`
	LimitMail     int `env:"LIMIT_MAIL" envDefault:"20" doc:"mails asked for an hour from one address; half at once"`
	LimitAllMail  int `env:"LIMIT_ALL_MAIL" envDefault:"600" doc:"mails asked for an hour by all visitors together; a quarter at once"`
	LimitUpload   int `env:"LIMIT_UPLOAD" envDefault:"600" doc:"uploads begun an hour by one member; a third at once"`
	LimitSearch   int `env:"LIMIT_SEARCH" envDefault:"60" doc:"searches a minute of one member or visitor's address; half at once"`
	LimitComment  int `env:"LIMIT_COMMENT" envDefault:"30" doc:"comments of one member in 10 minutes, written or changed; a third at once"`
	LimitPoll     int `env:"LIMIT_POLL" envDefault:"240" doc:"questions a minute that pages ask by themselves, for one member or address; a quarter at once"`
	LimitAPI      int `env:"LIMIT_API" envDefault:"120" doc:"requests a minute of all programs of one member; half at once"`
	LimitLive     int `env:"LIMIT_LIVE" envDefault:"120" doc:"live connections opened, and questions asked in their place, a minute for one member; a quarter at once"`
	LimitBeacon   int `env:"LIMIT_BEACON" envDefault:"240" doc:"views of pages counted a minute for one address; half at once"`
	LimitReport   int `env:"LIMIT_REPORT" envDefault:"20" doc:"reports and claims an hour of one member or visitor's address; half at once"`
	PlacesPublic  int `env:"PLACES_PUBLIC" doc:"public pages answered at once; 4 for each connection of DATABASE_POOL when 0"`
	PlacesMember  int `env:"PLACES_MEMBER" doc:"pages of members answered at once; 3 for each connection when 0"`
	PlacesWrite   int `env:"PLACES_WRITE" doc:"forms carried out at once; 2 for each connection when 0"`
	PlacesUpload  int `env:"PLACES_UPLOAD" doc:"bodies with files received at once; 2 for each connection when 0"`
	PlacesFile    int `env:"PLACES_FILE" doc:"renditions and originals sent at once; 16 for each connection when 0"`
}

// Load reads the tier's file and the environment. It refuses what it does not
// understand; it reaches no other part.
func Load(environ []string) (Config, error) {
	vars := map[string]string{}
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok {
			vars[k] = v
		}
	}
	if err := checkSpelling(vars); err != nil {
		return Config{}, err
	}
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Environment: vars}); err != nil {
		return Config{}, readable(err, vars)
	}
	file, err := tierFile(c.Tier)
	if err != nil {
		return Config{}, err
	}
	c.Switches = maps.Clone(file)
	for _, s := range switches {
		if v, ok := vars[s.Name]; ok && v != "" {
			c.Switches[s.Name] = v
		}
	}
	if err := checkSwitches(c.Tier, file, c.Switches); err != nil {
		return Config{}, err
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://localhost:" + strconv.Itoa(c.Port)
	}
	return c, c.validate()
}

// tierFile reads the embedded switches of a tier.
func tierFile(tier string) (map[string]string, error) {
	f, err := tiers.Files.Open(tier + "/tier.env")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, fmt.Errorf("TIER=%s is not known; it must be one of %s", tier, strings.Join(tiers.Names, ", "))
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	values, err := godotenv.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("tiers/%s/tier.env cannot be read: %w", tier, err)
	}
	return values, nil
}

// mistyped names a key whose value is of another kind, and an example.
func mistyped(p env.ParseError, vars map[string]string) error {
	f, _ := reflect.TypeFor[Config]().FieldByName(p.Name)
	key := f.Tag.Get("env")
	wanted := "is not a whole number, such as " + f.Tag.Get("envDefault")
	switch {
	case f.Type == reflect.TypeFor[time.Duration]():
		wanted = "is not a length of time; it should look like 5s or 2m"
	case f.Type.Kind() == reflect.Bool:
		wanted = "is neither true nor false"
	}
	return fmt.Errorf("%s=%s %s", key, vars[key], wanted)
}

// readable turns the parser's error into a sentence that names the key.
func readable(err error, vars map[string]string) error {
	var all env.AggregateError
	if errors.As(err, &all) && len(all.Errors) > 0 {
		var p env.ParseError
		if errors.As(all.Errors[0], &p) {
			return mistyped(p, vars)
		}
		return all.Errors[0]
	}
	return err
}

func (c Config) validate() error {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("BASE_URL=%s is not the address of a site; it should look like https://vitrine.example", c.BaseURL)
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if c.DatabaseURL != "" {
		if _, err := db.RoleURL(c.DatabaseURL, db.RoleApp, c.Secret); err != nil {
			return fmt.Errorf("DATABASE_URL: %w", err)
		}
	}
	if err := c.checkParts(); err != nil {
		return err
	}
	if err := c.checkOutside(); err != nil {
		return err
	}
	var level slog.Level
	for _, check := range []struct {
		bad  bool
		text string
	}{
		{c.Port < 0 || c.Port > 65535, fmt.Sprintf("PORT=%d is not a port", c.Port)},
		{c.ReplicaURLs != "", "DATABASE_REPLICA_URLS is not built yet; this version reads from DATABASE_URL alone. Leave it out of the environment"},
		{c.DataDir == "", "DATA_DIR is empty; name a directory"},
		{!slices.Contains([]string{"start", "off"}, c.Migrate), "MIGRATE=" + c.Migrate + " is not known; it is start or off"},
		{!slices.Contains([]string{"auto", "off"}, c.Demo), "DEMO=" + c.Demo + " is not known; it is auto or off"},
		{!slices.Contains([]string{"mailbox", "smtp"}, c.Mail), "MAIL=" + c.Mail + " is not known; it is mailbox or smtp"},
		{c.Mail == "smtp" && c.SMTPURL == "", "MAIL=smtp needs SMTP_URL, such as smtp://user:password@host:587"},
		{level.UnmarshalText([]byte(c.LogLevel)) != nil, "LOG_LEVEL=" + c.LogLevel + " is not known; it is debug, info, warn or error"},
		{c.Secret != "" && len(c.Secret) < 32, "SECRET is too short; it needs at least 32 characters"},
		{c.PoolApp < 2 || c.PoolApp > 200 || c.PoolWorker < 2 || c.PoolWorker > 200, "DATABASE_POOL and DATABASE_WORKER_POOL must be between 2 and 200"},
		{c.MediaWorkers < 1 || c.MediaWorkers > 64, "MEDIA_WORKERS must be between 1 and 64"},
		{c.QueryTimeout < time.Second || c.Drain < 0 || c.Grace < 0, "QUERY_TIMEOUT must be at least 1s, and neither DRAIN nor GRACE negative"},
		{c.negative(), "A LIMIT_ or PLACES_ key is negative; 0 takes the limit away, or the number that follows from DATABASE_POOL"},
		{!c.Dev && c.Mail == "mailbox", "DEV=false with MAIL=mailbox would send no mail to anybody; set MAIL=smtp and SMTP_URL"},
	} {
		if check.bad {
			return errors.New(check.text)
		}
	}
	return nil
}

// checkOutside looks at where those who run the site are told of it.
func (c Config) checkOutside() error {
	if c.Sentry != "" {
		if _, err := errlog.ParseDSN(c.Sentry); err != nil {
			return err
		}
	}
	if c.AdminAddr != adminOff {
		if _, _, err := net.SplitHostPort(c.AdminAddr); err != nil {
			return fmt.Errorf("ADMIN_ADDR=%s should look like 127.0.0.1:9090, or be off", c.AdminAddr)
		}
	}
	return nil
}

// proxies parses TRUSTED_PROXIES.
func (c Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for s := range strings.SplitSeq(c.Proxies, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("TRUSTED_PROXIES: %q is not a network; it should look like 10.0.0.0/8", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Key is one line of the configuration reference.
type Key struct{ Name, Default, Doc string }

// Keys lists the keys beside the switches, for the documentation and its test.
func Keys() []Key {
	var out []Key
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("env") != "-" {
			out = append(out, Key{Name: f.Tag.Get("env"), Default: f.Tag.Get("envDefault"), Doc: f.Tag.Get("doc")})
		}
	}
	return out
}

// Digest is a short hash of the switches, which a deploy compares between
// machines.
func (c Config) Digest() string {
	h := sha256.New()
	for _, k := range sortedKeys(c.Switches) {
		fmt.Fprintf(h, "%s=%s\n", k, c.Switches[k])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// Print writes the configuration with its secrets masked.
func (c Config) Print(w io.Writer) {
	for _, k := range sortedKeys(c.Switches) {
		_, _ = fmt.Fprintf(w, "%s=%s\n", k, c.Switches[k])
	}
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if name := f.Tag.Get("env"); name != "-" {
			_, _ = fmt.Fprintf(w, "%s=%s\n", name, mask(f.Tag.Get("secret"), fmt.Sprint(v.Field(i).Interface())))
		}
	}
}

// mask hides a secret: all of it, or the password of a URL.
func mask(kind, value string) string {
	switch {
	case value == "" || kind == "":
		return value
	case kind == "url":
		if u, err := url.Parse(value); err == nil && u.Host != "" {
			return u.Redacted()
		}
	}
	return "…"
}

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// checkSpelling refuses a variable that is one letter away from a key of ours:
// the environment holds many others, but DATABSE_URL is nobody's.
func checkSpelling(vars map[string]string) error {
	names := map[string]bool{}
	for _, k := range Keys() {
		names[k.Name] = true
	}
	for _, s := range switches {
		names[s.Name] = true
	}
	for got := range vars {
		if names[got] {
			continue
		}
		for want := range names {
			if len(want) >= 7 && oneLetterApart(got, want) {
				return fmt.Errorf("the variable %s is not known; did you mean %s?", got, want)
			}
		}
	}
	return nil
}

// oneLetterApart tells whether one letter is missing, added, changed or swapped
// with its neighbour.
func oneLetterApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	return a[i+1:] == b[i+1:] || swapped
}

// adminOff is the ADMIN_ADDR of a process without that port. An empty one means
// the default, as for every key.
const adminOff = "off"

// defaultDataDir is the one beside the checkout.
const defaultDataDir = "data"

// secretFile keeps the secret of an installation that was given none.
const secretFile = "secret"
