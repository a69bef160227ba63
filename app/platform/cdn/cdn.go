// Package cdn tells a content delivery network to forget what it keeps. It
// knows paths and nothing of what lies there. What is forgotten is asked of the
// site again, which says what it has become.
package cdn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Purger makes a network forget. It may be asked again, and about what the
// network has never kept; an error says that something may still be kept, so
// that whoever asked has to ask again.
type Purger interface {
	// Purge forgets at least these paths ("/m/1f/w640.webp", as in a URL, without a
	// query). When it returns, the network has done so or has promised to.
	Purge(ctx context.Context, paths ...string) error
}

// Kinds of networks.
const (
	KindOff   = "off"   // there is none
	KindMedia = "media" // nginx when PurgeURL is given, CloudFront otherwise
)

// Config of a network.
type Config struct {
	Kind       string
	PurgeURL   string // where an nginx takes the method PURGE, as http://10.0.0.4:8082, without a path
	CloudFront CloudFront
}

// Check refuses what can be no network.
func (c Config) Check() error {
	switch {
	case c.Kind == KindOff:
		return nil
	case c.Kind != KindMedia:
		return fmt.Errorf("the network %q is not known; it is off or media", c.Kind)
	case c.PurgeURL != "" && c.CloudFront.Distribution != "":
		return errors.New("CDN_PURGE_URL and CDN_DISTRIBUTION are both set; pictures have one network, so leave one of them out")
	case c.PurgeURL != "":
		u, err := url.Parse(c.PurgeURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" {
			return fmt.Errorf("CDN_PURGE_URL=%s is not the address of a server; it should look like http://10.0.0.4:8082", c.PurgeURL)
		}
		return nil
	case c.CloudFront.Distribution == "":
		return errors.New("what is taken down has to be purged: set CDN_PURGE_URL (nginx) or CDN_DISTRIBUTION (CloudFront)")
	}
	return c.CloudFront.check()
}

// Open opens the network. It is not reached yet.
func Open(c Config) (Purger, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	switch {
	case c.Kind == KindOff:
		return none{}, nil
	case c.PurgeURL != "":
		return nginx{at: c.PurgeURL, client: client()}, nil
	}
	return c.CloudFront.open(), nil
}

// patience is for one question: whoever purges comes back.
const patience = 10 * time.Second

func client() *http.Client {
	return &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// none is no network: nothing is kept.
type none struct{}

// Purge has nothing to do.
func (none) Purge(context.Context, ...string) error { return nil }

// nginx is one with the module ngx_cache_purge, whose door for it answers 2xx
// when nothing is kept under the path any more, whether or not there was.
// Anything else, a plain 404 too, is a server that knows nothing of it.
type nginx struct {
	at     string
	client *http.Client
}

// Purge asks about each path: nginx knows its entries by their whole key.
func (n nginx) Purge(ctx context.Context, paths ...string) error {
	for _, path := range paths {
		if err := checkPath(path); err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, "PURGE", n.at+path, nil)
		if err != nil {
			return err
		}
		res, err := n.client.Do(req)
		if err != nil {
			return fmt.Errorf("the CDN did not say that it has forgotten %s: %w", path, err)
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // the connection is used again
		_ = res.Body.Close()
		if res.StatusCode/100 != 2 {
			return fmt.Errorf("the CDN answers %s when it is asked to forget %s", res.Status, path)
		}
	}
	return nil
}

// checkPath refuses what would purge something else than it says.
func checkPath(path string) error {
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "*?#% \r\n") || strings.Contains(path, "..") {
		return fmt.Errorf("%q is not the path of one file", path)
	}
	return nil
}
