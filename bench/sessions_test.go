package bench

import (
	"context"
	"testing"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/limit"
	"vitrine/app/platform/redistest"
	"vitrine/app/platform/sessioncache"
	"vitrine/app/studios"
)

// looker finds out who looks, as every page of a member does first.
type looker struct {
	accounts *accounts.Service
	studios  *studios.Service
	token    string
}

func (l looker) look(ctx context.Context) error {
	s, err := l.accounts.Authenticate(ctx, l.token)
	if err == nil {
		_, err = l.studios.RecentOfMember(ctx, s.UserID)
	}
	return err
}

func newLooker(b *testing.B, d *dbtest.Database, recent *sessioncache.Cache) (l looker) {
	b.Helper()
	fatal := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	handle, err := db.Open(db.Config{URL: d.AppURL, MaxConns: 20})
	fatal(err)
	b.Cleanup(func() { _ = handle.Close() })
	outbox := bus.NewOutbox()
	l.studios, err = studios.New(studios.Config{DB: handle, Outbox: outbox, Recent: recent})
	fatal(err)
	l.accounts, err = accounts.New(accounts.Config{DB: handle, Outbox: outbox, Studios: l.studios, Recent: recent})
	fatal(err)
	return l
}

// member is somebody with two studios who is signed in; it gives their token.
func member(b *testing.B, d *dbtest.Database) string {
	b.Helper()
	person, email := id.New(), id.Public()+"@bench.example"
	token, hash := id.Token()
	d.Exec(b, "insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at) values ($1, $2, $2, 'Member', '!', now(), now(), now(), now())", person, email)
	d.Exec(b, "insert into sessions (id, user_id, hash, device, created_at, seen_at, expires_at) values ($1, $2, $3, 'bench', now(), now(), now() + interval '1 day')", id.New(), person, hash)
	for range 2 {
		studio := id.New()
		d.Exec(b, "insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, 'Bench', now(), now())", studio, "s"+studio.String()[24:])
		d.Exec(b, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'owner', now(), now())", studio, person)
	}
	return token
}

const transactions = "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()"

// BenchmarkWhoLooks compares telling who looks from the rows, from copies of them
// in Redis, and with a Redis that is away. Each says the time of one look, the
// processor time of this process in it, and the transactions that PostgreSQL had.
//
//	go test ./bench -run '^$' -bench WhoLooks -benchtime 5000x
func BenchmarkWhoLooks(b *testing.B) {
	d := dbtest.New(b)
	server := redistest.New(b)
	away := redistest.New(b)
	away.Kill()
	for _, kind := range []string{"postgres", "redis", "redis, away"} {
		b.Run(kind, func(b *testing.B) {
			var recent *sessioncache.Cache
			if kind != "postgres" {
				c := sessioncache.Config{Kind: sessioncache.KindRedis, Secret: "the secret of an installation", Redis: server.Connect(b)}
				if kind != "redis" {
					c.Redis = away.Connect(b)
				}
				var err error
				if recent, err = sessioncache.Open(c); err != nil {
					b.Fatal(err)
				}
			}
			l := newLooker(b, d, recent)
			l.token = member(b, d)
			for range 200 { // plans, connections, the breaker
				if err := l.look(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			before, used := d.Count(b, transactions), cpuTime(b)
			for b.Loop() {
				if err := l.look(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpuTime(b)-used).Microseconds())/float64(b.N), "cpu-µs/op")
			b.ReportMetric(float64(d.Count(b, transactions)-before)/float64(b.N), "transactions/op")
		})
	}
}

// BenchmarkTurns compares asking for a turn in the process and in Redis.
//
//	go test ./bench -run '^$' -bench Turns
func BenchmarkTurns(b *testing.B) {
	server := redistest.New(b)
	for _, kind := range []string{limit.KindMemory, limit.KindRedis} {
		b.Run(kind, func(b *testing.B) {
			l, err := limit.Open(limit.Config{Kind: kind, Redis: server.Connect(b)})
			if err != nil {
				b.Fatal(err)
			}
			used := cpuTime(b)
			for b.Loop() {
				if _, err := l.Take(b.Context(), limit.Dynamic, limit.Everybody()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpuTime(b)-used).Nanoseconds())/float64(b.N)/1000, "cpu-µs/op")
		})
	}
}
