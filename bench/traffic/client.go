package traffic

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Timeout is when a person gives up; a visit that takes longer has failed.
const Timeout = 10 * time.Second

// Client sends the requests of a crowd. It asks for gzip as browsers do, follows
// no redirect and tries nothing again: a request whose connection breaks has
// failed, even where HTTP would let a client repeat it.
type Client struct {
	Site string // the URL that paths begin at

	http      *http.Client
	transport *http.Transport
}

// New gives a client for a site.
func New(site string) *Client {
	// Its idle connections end long before a server ends them, so that no request meets one that is just closing.
	tr := &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 1024, IdleConnTimeout: 15 * time.Second, DisableCompression: true}
	return &Client{Site: site, transport: tr, http: &http.Client{
		Timeout: Timeout, Transport: tr,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Forget ends the connections that are idle, so that the next requests open new
// ones.
func (c *Client) Forget() { c.transport.CloseIdleConnections() }

// Address is a visitor's, as a proxy would report it: one of a million, so that
// nobody comes near the limits of one address.
func Address() string {
	n := rand.IntN(1 << 20)
	return fmt.Sprintf("100.%d.%d.%d", 64+n>>16, n>>8&255, n&255)
}

// Answer is what came back, unpacked.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Shed tells that the site said that it is full.
func (a Answer) Shed() bool {
	return a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != ""
}

// Send makes one request to a path of the site, or to a whole URL. It comes from
// an address of its own (X-Forwarded-For, which a site believes its proxies)
// unless the header names one.
func (c *Client) Send(ctx context.Context, method, target string, header http.Header, body io.Reader) (a Answer, err error) {
	if strings.HasPrefix(target, "/") {
		target = c.Site + target
	}
	if body == nil {
		body = nothing{}
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return a, err
	}
	req.GetBody = nil // a request without one is never sent twice by the transport
	if header != nil {
		req.Header = header
	}
	if req.Header.Get("X-Forwarded-For") == "" {
		req.Header.Set("X-Forwarded-For", Address())
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := c.http.Do(req)
	if err != nil {
		return a, err
	}
	defer func() { _ = res.Body.Close() }()
	a.Status, a.Header = res.StatusCode, res.Header
	var b bytes.Buffer
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := unpack(res.Body)
		if err != nil {
			return a, err
		}
		defer unpackers.Put(z)
		_, err = b.ReadFrom(z)
		a.Body = b.String()
		return a, err
	}
	_, err = b.ReadFrom(res.Body)
	a.Body = b.String()
	return a, err
}

// nothing is an empty body that the transport does not know to be empty. It would
// send a GET again whose connection broke, if it knew.
type nothing struct{}

// Read is at the end.
func (nothing) Read([]byte) (int, error) { return 0, io.EOF }

var unpackers sync.Pool

func unpack(r io.Reader) (*gzip.Reader, error) {
	if z, ok := unpackers.Get().(*gzip.Reader); ok {
		err := z.Reset(r)
		return z, err
	}
	return gzip.NewReader(r)
}

// Page asks for a page and checks that it is the whole of the right one: 200, a
// gzipped document to its end, with all of these pieces.
func (c *Client) Page(ctx context.Context, target string, header http.Header, holds ...string) error {
	a, err := c.Send(ctx, http.MethodGet, target, header, nil)
	if err != nil {
		return err
	}
	if a.Shed() {
		return ErrShed
	}
	if a.Status != http.StatusOK || a.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return fmt.Errorf("%s: %d, %q, %q", target, a.Status, a.Header.Get("Content-Type"), a.Header.Get("Content-Encoding"))
	}
	for _, piece := range append(holds, "</html>") {
		if !strings.Contains(a.Body, piece) {
			return fmt.Errorf("%s: the page lacks %q", target, piece)
		}
	}
	return nil
}

// Get is the visit of somebody without a session who asks for a page.
func (c *Client) Get(kind, path string, holds ...string) Visit {
	return Visit{kind, func(ctx context.Context) error { return c.Page(ctx, path, nil, holds...) }}
}
