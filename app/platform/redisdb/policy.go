package redisdb

import (
	"context"
	"fmt"
	"strings"
)

// keepsAll is the policy of a Redis that refuses what it has no room for, and
// throws nothing away that it was given.
const keepsAll = "noeviction"

// Keeps is an error, a sentence for those who run the site, when Redis may throw
// away what it was given once it is full. It is nil when Redis does not say, as
// some that are rented do not: nobody could do anything about it.
func (c *Client) Keeps(ctx context.Context) error {
	said, err := c.Info(ctx, "memory").Result()
	if err != nil {
		return nil // whether it is there at all is the question of others
	}
	for line := range strings.Lines(said) {
		policy, is := strings.CutPrefix(strings.TrimSpace(line), "maxmemory_policy:")
		if is && policy != keepsAll {
			return fmt.Errorf("Redis at %s throws away what it was given when it is full (maxmemory-policy %s): tasks would wait for half a minute and more, and pages could be older than a change; set it to %s", c.Options().Addr, policy, keepsAll)
		}
	}
	return nil
}
