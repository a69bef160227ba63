// Package tiers embeds the switches of every deployment tier, so that the
// binary carries them and a deploy passes only the tier's name.
package tiers

import "embed"

// Files holds <tier>/tier.env for every tier.
//
//go:embed */tier.env
var Files embed.FS

// Names lists the tiers in the order in which a site grows through them.
var Names = []string{"1k", "10k", "100k", "500k", "1m"}
