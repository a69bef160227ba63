package app

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// announce says where the site is, and how to become its first member as long
// as there is none. The token is new at each start of a worker: only its hash is
// kept.
func (p *product) announce(ctx context.Context) {
	// One write, so that nobody sees a part of it.
	var b strings.Builder
	if p.roles.web {
		fmt.Fprintf(&b, "\n  Vitrine is open at %s\n", p.conf.BaseURL)
	} else {
		fmt.Fprintf(&b, "\n  A worker of %s is at work.\n", p.conf.BaseURL)
	}
	defer func() { p.say("%s", b.String()) }()
	if !p.announceSetup(ctx, &b) {
		return
	}
	if p.roles.web && p.notifications.Mailbox() && p.conf.Dev {
		fmt.Fprintf(&b, "\n  Every mail it writes is at %s/dev/mailbox\n", p.conf.BaseURL)
	}
}

// announceSetup is left to workers: of several processes one has to say it. It
// is false when the token could not be made.
func (p *product) announceSetup(ctx context.Context, b *strings.Builder) bool {
	if !p.roles.worker {
		return true
	}
	token, err := p.forWeb.accounts.PrepareSetup(ctx)
	if err != nil {
		p.log.ErrorContext(ctx, "the setup token could not be made; start again to get one", "err", err)
		return false
	}
	if token != "" {
		fmt.Fprintf(b, "\n  Set it up, once:  %s/setup?%s\n", p.conf.BaseURL, url.Values{"token": {token}}.Encode())
	}
	return true
}
