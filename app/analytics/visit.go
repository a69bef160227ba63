package analytics

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"strings"

	"github.com/google/uuid"
)

// Visit is what is known of somebody who looks, for as long as it takes to count
// them.
type Visit struct {
	Address netip.Addr
	Agent   string // as the browser calls itself
	From    string // host of the page that led here; empty when it was not told
	Ahead   bool   // fetched in case somebody looks
}

// robots are words of those who are nobody: each names itself in a part of the
// text with which it comes. https://github.com/monperrus/crawler-user-agents has
// hundreds of them, nearly all with one of these.
var robots = [...]string{
	"bot", "crawl", "spider", "slurp", "scrap", "fetch", "preview", "archiver", "headless", "lighthouse", "pagespeed", "monitor", "uptime", "pingdom", "validator",
	"facebookexternalhit", "whatsapp", "telegram", "embedly", "quora link", "pinterest/", "mediapartners", "feed", "rss", "http-client", "httpclient", "http_client", "okhttp",
	"curl", "wget", "python", "java/", "ruby", "perl", "php/", "go-http", "node-", "axios", "phantomjs", "selenium", "puppeteer", "playwright", "electron",
}

// Robot tells whether the text with which somebody comes is no person's browser.
func Robot(agent string) bool {
	if len(agent) < 20 || len(agent) > 1000 {
		return true // no browser that draws these pages is so short
	}
	agent = strings.ToLower(agent)
	for _, word := range &robots {
		if strings.Contains(agent, word) {
			return true
		}
	}
	return false
}

// prefix is the network of an address: it is what a hash is made of, and several
// people may share it.
func prefix(a netip.Addr) netip.Prefix {
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits) // an address that is not known is the zero prefix
	return p
}

// visitor is the hash of who looks at a studio's pages on one day.
func visitor(salt []byte, studioID uuid.UUID, v Visit) int64 {
	mac := hmac.New(sha256.New, salt)
	mac.Write(studioID[:])
	mac.Write([]byte(prefix(v.Address).String()))
	mac.Write([]byte{0})
	mac.Write([]byte(v.Agent))
	return int64(binary.BigEndian.Uint64(mac.Sum(nil))) //nolint:gosec // any bits will do
}

// SourceLimit is the longest host that is kept, in bytes.
const SourceLimit = 100

// Source cleans the host of a page that led here: small letters, without a port
// and without www. What is no name of a host on the Internet is not told.
func Source(host string) string {
	host = strings.ToLower(strings.TrimSpace(host))
	host, _, _ = strings.Cut(host, ":")
	host = strings.TrimPrefix(strings.TrimSuffix(host, "."), "www.")
	if host == "" || len(host) > SourceLimit || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || strings.Contains(host, "..") {
		return ""
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	return host
}
