package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"vitrine/app/platform/child"
	"vitrine/app/platform/s3test"
)

// An object store that is there and refuses: it does not know the key any more, or
// has another time.

// revokeKey puts a store in the place of the store that has the same objects and
// knows another key alone: every request is answered 403.
func (f *fair) revokeKey() {
	f.t.Helper()
	port, err := child.FreePort()
	if err != nil {
		f.t.Fatal(err)
	}
	dir := filepath.Join(f.Data(f.Web()[0]), "..", "..")
	g := s3test.Gateway{Dir: filepath.Join(dir, "store"), Address: "127.0.0.1:" + strconv.Itoa(port), AccessKey: "another", SecretKey: "the key of another is no secret",
		Log: filepath.Join(dir, "log", "store-of-another-key.log"), Accounts: f.t.TempDir()}
	p, err := g.Run()
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(p.Kill)
	f.Eventually(f.t, "the store with another key to answer", func() bool { return s3test.Ready(f.t.Context(), g.Endpoint()) })
	c := &crossing{f: f}
	c.begin()
	f.across = c
	if err := f.Links("", "store").Divert(g.Address); err != nil {
		f.t.Fatal(err)
	}
}

// meetsRevokedKey looks at what the script of an upload and those who run the site
// are told.
func (f *fair) meetsRevokedKey() {
	f.t.Helper()
	c := f.across
	rest := c.upload.send(f.t, c.half, len(c.upload.content), http.StatusServiceUnavailable)
	if !strings.Contains(rest.Raw, noRoomThere) || rest.Header.Get("Retry-After") == "" {
		f.t.Errorf("the script is told %s, Retry-After %q", rest, rest.Header.Get("Retry-After"))
	}
	for _, web := range f.Web() {
		f.Eventually(f.t, "/up and the log of "+web.Name+" to say so", func() bool {
			return !up(f.Process(f.t, web))["files"] && strings.Contains(web.Said(), "does not know S3_ACCESS_KEY, or S3_SECRET_KEY is another one's")
		})
	}
}

// restoreKey also has the upload that was refused go on.
func (f *fair) restoreKey() {
	f.t.Helper()
	f.mend("", "store")
	f.Eventually(f.t, "the store to be used again", func() bool {
		for _, web := range f.Web() {
			if !up(f.Process(f.t, web))["files"] {
				return false
			}
		}
		return true
	})
	f.across.goesOn()
}

// skewStore lets the store have a time of its own, an hour ahead. It refuses who
// says another one, as all do, and says its own with each answer.
func (f *fair) skewStore() {
	f.t.Helper()
	const ahead, most = time.Hour, 15 * time.Minute
	_, access, secret := f.Bucket()
	keys := aws.Credentials{AccessKeyID: access, SecretAccessKey: secret}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	on := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", f.Store.Address, r.In.Host
			for _, name := range []string{"Authorization", "X-Amz-Date"} {
				r.Out.Header.Del(name)
			}
			_ = signer.SignHTTP(r.Out.Context(), keys, r.Out, r.In.Header.Get("X-Amz-Content-Sha256"), "s3", s3test.Region, time.Now())
		},
		ModifyResponse: func(res *http.Response) error {
			res.Header.Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
			return nil
		},
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		if now := time.Now().Add(ahead); err == nil && now.Sub(said).Abs() > most {
			w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprint(w, "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message></Error>")
			return
		}
		on.ServeHTTP(w, r)
	}))
	f.t.Cleanup(front.Close)
	if err := f.Links("", "store").Divert(front.Listener.Addr().String()); err != nil {
		f.t.Fatal(err)
	}
}
