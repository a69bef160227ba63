package app

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// announce says where the site is, and how to become its first member as long
// as there is none. The token is new at each start: only its hash is kept.
func (p *product) announce(ctx context.Context) {
	// One write, so that nobody sees a part of it.
	var b strings.Builder
	fmt.Fprintf(&b, "\n  Vitrine is open at %s\n", p.conf.BaseURL)
	defer func() { p.say("%s", b.String()) }()
	token, err := p.forWeb.accounts.PrepareSetup(ctx)
	if err != nil {
		p.log.ErrorContext(ctx, "the setup token could not be made; start again to get one", "err", err)
		return
	}
	if token != "" {
		fmt.Fprintf(&b, "\n  Set it up, once:  %s/setup?%s\n", p.conf.BaseURL, url.Values{"token": {token}}.Encode())
	}
	if p.notifications.Mailbox() && p.conf.Dev {
		fmt.Fprintf(&b, "\n  Every mail it writes is at %s/dev/mailbox\n", p.conf.BaseURL)
	}
}
