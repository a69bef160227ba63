package tiers

// Machine is what a tier's web processes run on, and what an hour of it costs.
type Machine struct {
	Name   string
	CPUs   int
	Hourly float64 // US dollars, on demand in us-east-1
}

// Machines are those of the tiers whose machine is decided. Source: the public
// AWS price list of September 2026.
var Machines = map[string]Machine{
	"1k": {Name: "t4g.large", CPUs: 2, Hourly: 0.0672},
}
