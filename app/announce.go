package app

import (
	"context"
	"net/url"
)

// announce says where the site is, and how to become its first member as long
// as there is none. The token is new at each start: only its hash is kept.
func (p *product) announce(ctx context.Context) {
	p.say("\n  Vitrine is open at %s\n", p.conf.BaseURL)
	token, err := p.forWeb.accounts.PrepareSetup(ctx)
	if err != nil {
		p.log.ErrorContext(ctx, "the setup token could not be made; start again to get one", "err", err)
		return
	}
	if token != "" {
		p.say("  Set it up, once:  %s/setup?%s\n", p.conf.BaseURL, url.Values{"token": {token}}.Encode())
	}
	if p.notifications.Mailbox() && p.conf.Dev {
		p.say("  Every mail it writes is at %s/dev/mailbox\n", p.conf.BaseURL)
	}
}
