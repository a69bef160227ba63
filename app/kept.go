package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"vitrine/app/kept"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/id"
)

// openCache opens what keeps pages. It is not reached yet, and need not be there.
func (i *infra) openCache() (err error) {
	var kinds []string
	for _, p := range kept.Pages() {
		kinds = append(kinds, p.Path)
	}
	i.cache, err = cache.Open(cache.Config{Kind: i.conf.Switches["CACHE"], Redis: i.redis, Log: i.log, Kinds: kinds})
	if err != nil {
		return err
	}
	i.onClose(func(context.Context) error { return i.cache.Close() })
	i.metrics.Registry.MustRegister(i.cache)
	return nil
}

// voidTime is how long whoever has written waits for the cache to hear of it.
const voidTime = time.Second

// void makes pages void by what has just been committed. What fails here is done
// by the events' subscribers, and as soon as Redis answers everything is void.
func (i *infra) void(events []bus.Event) {
	subjects := kept.Voided(events)
	if len(subjects) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), voidTime)
	defer cancel()
	_ = i.cache.Invalidate(ctx, subjects...) // the cache tells of an outage, once
}

// pagesOf is the digest that kept pages have in their names. To read the whole
// program takes a while, so processes that serve no pages have none.
func (p *product) pagesOf() string {
	if !p.roles.web || p.cache.Off() {
		return ""
	}
	return p.conf.build()
}

// build is a digest of everything besides rows that pages are made from: two
// processes with the same one make the same pages. A program that cannot be read
// keeps pages for itself.
func (c Config) build() string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, c.BaseURL, c.picturesAt(), c.MediaURL, c.Contact, c.Dev)
	name, err := os.Executable()
	if err != nil {
		return id.Public()
	}
	f, err := os.Open(name)
	if err != nil {
		return id.Public()
	}
	defer func() { _ = f.Close() }()
	if _, err := io.Copy(h, f); err != nil {
		return id.Public()
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
