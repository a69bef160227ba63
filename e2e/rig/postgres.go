package rig

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"syscall"

	"vitrine/app/platform/child"
	"vitrine/app/platform/pgserver"
)

// database is the name of a topology's database.
const database = "vitrine"

// Postgres is the database server of a topology. It ends with the process that
// runs the topology, however that ends.
type Postgres struct {
	Address string // host:port
	conf    pgserver.Config
	server  *pgserver.Server
}

// ephemeral settings trade safety for speed, where the data is worth nothing when
// the machine ends. What is committed outlives a kill -9 of the server: tests ask
// for that.
var ephemeral = map[string]string{"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"}

func newPostgres(dir string, port int, throwaway bool) *Postgres {
	settings := map[string]string{"max_connections": "300"}
	if throwaway {
		for name, value := range ephemeral {
			settings[name] = value
		}
	}
	return &Postgres{
		Address: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		conf:    pgserver.Config{Dir: filepath.Join(dir, "postgres"), Port: port, Settings: settings, DieWithParent: true},
	}
}

// Start starts it, again after a Kill or Stop, with what it had on disk.
func (p *Postgres) Start(ctx context.Context) (err error) {
	if p.server != nil {
		p.server.Detach() // of what ended; Start takes the directory anew
	}
	if p.server, err = pgserver.Start(ctx, p.conf); err != nil {
		return err
	}
	_, err = p.server.EnsureDatabase(ctx, database)
	return err
}

// url is the owner's URL of the database, at an address that leads to the
// server.
func (p *Postgres) url(address string) (string, error) {
	u, err := url.Parse(p.server.URL(database))
	if err != nil {
		return "", fmt.Errorf("the URL of the database: %w", err)
	}
	u.Host, u.RawQuery = address, "sslmode=disable"
	return u.String(), nil
}

// Stop ends every session and shuts it down.
func (p *Postgres) Stop() error {
	if p.server == nil {
		return nil
	}
	p.Thaw() // one that is frozen hears nothing
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	err := p.server.Stop(ctx)
	p.server = nil
	return err
}

// Kill ends it as a power cut would.
func (p *Postgres) Kill() {
	for _, pid := range child.Family(p.server.Pid()) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	<-p.server.Done()
}

// Running tells whether it has been started and has not ended.
func (p *Postgres) Running() bool {
	if p.server == nil {
		return false
	}
	select {
	case <-p.server.Done():
		return false
	default:
		return true
	}
}

// Ended is closed when it ends as it runs now, by itself or by somebody.
func (p *Postgres) Ended() <-chan struct{} { return p.server.Done() }

// LogDir is where it writes what it has to say.
func (p *Postgres) LogDir() string { return p.server.LogDir() }

// Freeze holds it and its sessions until Thaw: connections stay, nothing answers.
func (p *Postgres) Freeze() { p.signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (p *Postgres) Thaw() { p.signal(syscall.SIGCONT) }

func (p *Postgres) signal(sig syscall.Signal) {
	for _, pid := range child.Family(p.server.Pid()) {
		_ = syscall.Kill(pid, sig)
	}
}

// Pid is the number of its first process.
func (p *Postgres) Pid() int { return p.server.Pid() }
