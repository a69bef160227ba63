package rig

import (
	"context"
	"os/exec"
)

// Alter changes the plan of a topology that runs: Binary, Env and EnvOf are for
// processes of Vitrine that are started from then on. It must not be called while
// one is being started.
func (t *Topology) Alter(change func(p *Plan)) { change(&t.plan) }

// Command is a subcommand of the product with what a process of the topology is
// told in its environment: what it does, it does to the same site.
func (t *Topology) Command(ctx context.Context, process *Server, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, t.plan.Binary, args...) //nolint:gosec // our own binary
	cmd.Dir, cmd.Env = t.plan.Dir, process.env()
	return cmd
}

// OwnerURL is the URL of the topology's database for its owner, past every link.
func (t *Topology) OwnerURL() (string, error) { return t.Postgres.url(t.Postgres.Address) }

// Bucket names the bucket of the object store at Store.Address, and the keys of its
// owner.
func (t *Topology) Bucket() (name, access, secret string) { return bucket, accessKey, secretKey }

// Data is the data directory of a process of Vitrine.
func (t *Topology) Data(s *Server) string { return t.dataDir(s.Name) }
