package app

import (
	"fmt"

	"vitrine/app/platform/cdn"
)

// network is the CDN of public renditions, as it is configured.
func (c Config) network() cdn.Config {
	return cdn.Config{
		Kind: c.Switches["CDN"], PurgeURL: c.PurgeURL,
		CloudFront: cdn.CloudFront{Distribution: c.Distribution, AccessKey: c.CDNAccessKey, SecretKey: c.CDNSecretKey},
	}
}

// checkNetwork refuses a CDN that pages could not name, or that could not be told
// what was taken down.
func (c Config) checkNetwork() error {
	network := c.network()
	if network.Kind == cdn.KindOff {
		return nil
	}
	if c.MediaURL == "" {
		return fmt.Errorf("CDN=%s needs MEDIA_URL, the host of public renditions, such as https://media.vitrine.example", network.Kind)
	}
	if err := network.Check(); err != nil {
		return fmt.Errorf("CDN=%s: %w", network.Kind, err)
	}
	return nil
}

// picturesAt is the host that pages name for public renditions; empty is the
// site itself. With CDN=off a host that is located still answers, for pages that
// were made before.
func (c Config) picturesAt() string {
	if c.Switches["CDN"] == cdn.KindOff {
		return ""
	}
	return c.MediaURL
}
