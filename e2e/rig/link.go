package rig

import (
	"context"
	"fmt"
	"strings"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"vitrine/app/platform/child"
)

// Link is the way from one server to another, which a test can cut or slow.
type Link struct {
	From, To string // names of servers
	to       string // the address it leads to
	proxy    *toxiproxy.Proxy
}

// Links are those that a test treats alike.
type Links []*Link

// links makes the ways of one topology.
type links struct {
	server *toxiproxy.ApiServer // which serves nothing: it only carries the log
	all    Links
}

func newLinks() *links {
	return &links{server: toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())}
}

// open makes a way to an address, and gives the address at which it begins. That
// has to be free again when the way is mended: the kernel gives ports of its own
// choice to others as soon as nobody listens there.
func (l *links) open(from, to, address string) (string, error) {
	port, err := child.FreePort()
	if err != nil {
		return "", err
	}
	p := toxiproxy.NewProxy(l.server, from+" to "+to, local(port), address)
	if err := p.Start(); err != nil {
		return "", fmt.Errorf("the link from %s to %s: %w", from, to, err)
	}
	l.all = append(l.all, &Link{From: from, To: to, to: address, proxy: p})
	return p.Listen, nil
}

func (l *links) close() {
	for _, link := range l.all {
		link.proxy.Stop()
	}
}

// Cut ends all connections and refuses new ones until Mend.
func (l Links) Cut() {
	for _, link := range l {
		link.proxy.Stop()
	}
}

// Stall lets no byte through until Mend: connections stay, nothing arrives.
func (l Links) Stall() error {
	return l.add(`{"name":"stall-%[1]s","type":"timeout","stream":"%[1]sstream","attributes":{"timeout":0}}`, "up", "down")
}

// Slow delays every answer until Mend.
func (l Links) Slow(by time.Duration) error {
	return l.add(`{"name":"slow-%[1]s","type":"latency","stream":"%[1]sstream","attributes":{"latency":`+fmt.Sprint(by.Milliseconds())+`}}`, "down")
}

func (l Links) add(toxic string, streams ...string) error {
	for _, link := range l {
		for _, s := range streams {
			if _, err := link.proxy.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(toxic, s))); err != nil {
				return fmt.Errorf("the link from %s to %s: %w", link.From, link.To, err)
			}
		}
	}
	return nil
}

// Divert ends all connections and leads to another address until Mend.
func (l Links) Divert(address string) error {
	l.Cut()
	for _, link := range l {
		link.proxy.Upstream = address
	}
	return l.reopen()
}

// Mend makes everything as it was at the start.
func (l Links) Mend() error {
	for _, link := range l {
		link.proxy.Toxics.ResetToxics(context.Background())
		if link.proxy.Upstream != link.to {
			link.proxy.Stop()
			link.proxy.Upstream = link.to
		}
	}
	return l.reopen()
}

func (l Links) reopen() error {
	for _, link := range l {
		if !link.proxy.Enabled {
			if err := link.proxy.Start(); err != nil {
				return fmt.Errorf("the link from %s to %s: %w", link.From, link.To, err)
			}
		}
	}
	return nil
}
