package cdn

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	keyID  = "AKIDEXAMPLE"
	secret = "the key of a test is no secret"
)

// network is a fake of one: what it keeps, and whether it is well.
type network struct {
	mu     sync.Mutex
	keeps  map[string]bool
	asked  []string // as it was told
	status int      // in place of its answer, when not zero
	wrong  []string // what was wrong with how it was asked
}

func (n *network) keep(paths ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range paths {
		n.keeps[p] = true
	}
}

func (n *network) kept() (paths []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for p := range n.keeps {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// forget is what an entry of the list does: one path, or all below a wildcard.
func (n *network) forget(entry string) {
	n.asked = append(n.asked, entry)
	prefix, wild := strings.CutSuffix(entry, "*")
	for p := range n.keeps {
		if p == entry || wild && strings.HasPrefix(p, prefix) {
			delete(n.keeps, p)
		}
	}
}

// purgesByMethod answers as the door of an nginx does.
func (n *network) purgesByMethod(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.status != 0 {
		w.WriteHeader(n.status)
		return
	}
	if r.Method != "PURGE" {
		n.wrong = append(n.wrong, "method "+r.Method)
	}
	if !n.keeps[r.URL.Path] {
		n.asked = append(n.asked, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	n.forget(r.URL.Path)
}

// invalidates answers as the API of CloudFront does, and checks the signature by
// making it once more.
func (n *network) invalidates(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		n.wrong = append(n.wrong, err.Error())
	}
	if want := signature(r, body); r.Header.Get("Authorization") != want {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>The signature is another.</Message></Error><RequestId>1</RequestId></ErrorResponse>`)
		return
	}
	if n.status != 0 {
		w.WriteHeader(n.status)
		_, _ = fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>TooManyInvalidationsInProgress</Code><Message>Come back later.</Message></Error><RequestId>1</RequestId></ErrorResponse>`)
		return
	}
	var batch struct {
		XMLName xml.Name `xml:"http://cloudfront.amazonaws.com/doc/2020-05-31/ InvalidationBatch"`
		Paths   struct {
			Quantity int      `xml:"Quantity"`
			Items    []string `xml:"Items>Path"`
		} `xml:"Paths"`
		CallerReference string `xml:"CallerReference"`
	}
	if err := xml.Unmarshal(body, &batch); err != nil {
		n.wrong = append(n.wrong, err.Error())
	}
	if r.Method != http.MethodPost || r.URL.Path != "/2020-05-31/distribution/E2QWRUHAPOMQZL/invalidation" {
		n.wrong = append(n.wrong, r.Method+" "+r.URL.Path)
	}
	if batch.CallerReference == "" || batch.Paths.Quantity != len(batch.Paths.Items) || batch.Paths.Quantity == 0 {
		n.wrong = append(n.wrong, fmt.Sprintf("the batch is %+v", batch))
	}
	for _, p := range batch.Paths.Items {
		n.forget(p)
	}
	w.WriteHeader(http.StatusCreated)
}

// signature is what whoever has the keys would have sent.
func signature(r *http.Request, body []byte) string {
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		return "no date"
	}
	again, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+r.Host+r.URL.Path, strings.NewReader(string(body)))
	if err != nil {
		return err.Error()
	}
	again.Header.Set("Content-Type", r.Header.Get("Content-Type"))
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(r.Context(), aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret}, again, hex.EncodeToString(sum[:]), "cloudfront", "us-east-1", at); err != nil {
		return err.Error()
	}
	return again.Header.Get("Authorization")
}

// TestPurger is what every network promises.
func TestPurger(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T, n *network) (Purger, *httptest.Server){
		"nginx": func(t *testing.T, n *network) (Purger, *httptest.Server) {
			server := httptest.NewServer(http.HandlerFunc(n.purgesByMethod))
			return opened(t, Config{Kind: KindMedia, PurgeURL: server.URL}), server
		},
		"cloudfront": func(t *testing.T, n *network) (Purger, *httptest.Server) {
			server := httptest.NewServer(http.HandlerFunc(n.invalidates))
			return opened(t, Config{Kind: KindMedia, CloudFront: CloudFront{Distribution: "E2QWRUHAPOMQZL", AccessKey: keyID, SecretKey: secret, Endpoint: server.URL}}), server
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &network{keeps: map[string]bool{}}
			p, server := open(t, n)
			t.Cleanup(server.Close)
			ctx := context.Background()
			n.keep("/m/a/w320.jpg", "/m/a/w640.jpg", "/m/b/w320.jpg")
			if err := p.Purge(ctx, "/m/a/w320.jpg", "/m/a/w640.jpg", "/m/never/kept.jpg"); err != nil {
				t.Fatal(err)
			}
			if kept := n.kept(); !slices.Equal(kept, []string{"/m/b/w320.jpg"}) {
				t.Errorf("it keeps %v", kept)
			}
			if err := p.Purge(ctx, "/m/a/w320.jpg"); err != nil {
				t.Errorf("once more: %v", err)
			}
			asked := len(n.asked)
			if err := p.Purge(ctx); err != nil || len(n.asked) != asked {
				t.Errorf("nothing to purge: %v", err)
			}
			for _, status := range []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMovedPermanently, http.StatusServiceUnavailable} {
				n.status = status
				if err := p.Purge(ctx, "/m/b/w320.jpg"); err == nil || !strings.Contains(err.Error(), fmt.Sprint(status)) {
					t.Errorf("it answers %d and that is %v", status, err)
				}
			}
			n.status = 0
			for _, path := range []string{"", "m/b", "/m/*", "/m/../x", "/m/b?x=1", "/m/b c"} {
				if err := p.Purge(ctx, path); err == nil {
					t.Errorf("%q is purged", path)
				}
			}
			gone, cancel := context.WithCancel(ctx)
			cancel()
			if err := p.Purge(gone, "/m/b/w320.jpg"); err == nil {
				t.Error("who has left is told that it is purged")
			}
			server.Close()
			if err := p.Purge(ctx, "/m/b/w320.jpg"); err == nil {
				t.Error("nobody answers, and that is called purged")
			}
			if kept := n.kept(); !slices.Equal(kept, []string{"/m/b/w320.jpg"}) || n.wrong != nil {
				t.Errorf("it keeps %v in the end; wrong were %v", kept, n.wrong)
			}
		})
	}
}

func opened(t *testing.T, c Config) Purger {
	t.Helper()
	p, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Without a network there is nothing to forget.
func TestPurger_off(t *testing.T) {
	t.Parallel()
	if err := opened(t, Config{Kind: KindOff}).Purge(t.Context(), "/m/a/w320.jpg"); err != nil {
		t.Error(err)
	}
}

// CloudFront takes a folder for one path, and everything where folders are too
// many. Whoever has other keys is refused with the reason.
func TestCloudFront(t *testing.T) {
	t.Parallel()
	n := &network{keeps: map[string]bool{}}
	server := httptest.NewServer(http.HandlerFunc(n.invalidates))
	t.Cleanup(server.Close)
	c := CloudFront{Distribution: "E2QWRUHAPOMQZL", AccessKey: keyID, SecretKey: secret, Endpoint: server.URL}
	p := opened(t, Config{Kind: KindMedia, CloudFront: c})
	if err := p.Purge(t.Context(), "/m/b/w320.jpg", "/m/a/w320.jpg", "/m/a/w640.jpg"); err != nil || !slices.Equal(n.asked, []string{"/m/a/*", "/m/b/*"}) {
		t.Errorf("asked %v: %v", n.asked, err)
	}
	n.asked = nil
	var many []string
	for i := range mostFolders + 1 {
		many = append(many, fmt.Sprintf("/m/%d/w320.jpg", i))
	}
	if err := p.Purge(t.Context(), many...); err != nil || !slices.Equal(n.asked, []string{"/*"}) {
		t.Errorf("asked %v: %v", n.asked, err)
	}
	c.SecretKey = "another"
	if err := opened(t, Config{Kind: KindMedia, CloudFront: c}).Purge(t.Context(), "/m/a/w320.jpg"); err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("another secret: %v", err)
	}
}

func TestConfig_Check(t *testing.T) {
	t.Parallel()
	front := CloudFront{Distribution: "E2QWRUHAPOMQZL", AccessKey: keyID, SecretKey: secret}
	for _, c := range []struct {
		conf Config
		want string
	}{
		{Config{Kind: "pages"}, `the network "pages" is not known`},
		{Config{Kind: KindMedia}, "set CDN_PURGE_URL (nginx) or CDN_DISTRIBUTION (CloudFront)"},
		{Config{Kind: KindMedia, PurgeURL: "http://h:1", CloudFront: front}, "leave one of them out"},
		{Config{Kind: KindMedia, PurgeURL: "10.0.0.4:8082"}, "it should look like http://10.0.0.4:8082"},
		{Config{Kind: KindMedia, PurgeURL: "http://h:1/m"}, "it should look like http://10.0.0.4:8082"},
		{Config{Kind: KindMedia, CloudFront: CloudFront{Distribution: "x/../y", AccessKey: keyID, SecretKey: secret}}, "is not the id of a distribution"},
		{Config{Kind: KindMedia, CloudFront: CloudFront{Distribution: "E2QWRUHAPOMQZL"}}, "needs CDN_ACCESS_KEY and CDN_SECRET_KEY"},
	} {
		if _, err := Open(c.conf); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.conf, err, c.want)
		}
	}
}
