package app

import (
	texts "vitrine/docs"
	"vitrine/tiers"
	"vitrine/web/glass"
)

// glass is what every page can say of this installation: its switches in the
// order of the reference, each with its decision.
func (c Config) glass() (glass.Setup, error) {
	all, err := texts.Decisions()
	if err != nil {
		return glass.Setup{}, err
	}
	decided := map[string]string{}
	for _, d := range all {
		for _, name := range d.Switches {
			decided[name] = "/docs/adr/" + d.Name
		}
	}
	out := glass.Setup{Tier: c.Tier, Machine: glass.Machine(tiers.Machines[c.Tier])}
	for _, s := range switches {
		out.Switches = append(out.Switches, glass.Switch{Name: s.Name, Value: c.Switches[s.Name], URL: decided[s.Name]})
	}
	return out, nil
}
