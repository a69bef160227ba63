package pgserver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the system user that the server runs as. The zero credential means ourselves.
type account struct {
	name string
	uid  int
	cred *syscall.Credential
}

// serverAccount chooses the user: ourselves, or when we are root the owner of what is there, or postgres.
func serverAccount(data string) (account, error) {
	owner, exists := ownerOf(data)
	if os.Getuid() != 0 {
		me := account{name: userName(os.Getuid()), uid: os.Getuid()}
		if exists && owner != me.uid {
			return account{}, fmt.Errorf(
				"The database in %s belongs to the user %s, not to %s; start Vitrine as that user or as root, or choose another DATA_DIR.",
				data, userName(owner), me.name)
		}
		return me, nil
	}
	var found *user.User
	var err error
	if exists && owner != 0 {
		found, err = user.LookupId(strconv.Itoa(owner))
	} else {
		found, err = user.Lookup("postgres")
	}
	if err != nil {
		return account{}, fmt.Errorf(
			"PostgreSQL refuses to run as root and there is no other user for it (%w); install PostgreSQL with `YES=1 scripts/setup`.", err)
	}
	return credentialsOf(found)
}

func credentialsOf(u *user.User) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("The user %s has no usable number: %w.", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("The user %s has no usable group: %w.", u.Username, err)
	}
	cred := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return account{name: u.Username, uid: int(uid), cred: cred}, nil
}

// command prepares a program in a session of its own, as this account, with an environment that holds no PG* variable.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: a.cred}
	return cmd
}

// own gives a directory that we made to the account.
func (a account) own(path string) error {
	if a.cred == nil {
		return nil
	}
	return os.Chown(path, int(a.cred.Uid), int(a.cred.Gid))
}

// Reachable reports whether the server's user could enter dir (or, while dir does not exist, the nearest directory above
// it). It is false for a directory under /root when we are root, since the server then runs as another user:
// the caller chooses another place, such as /var/lib/vitrine.
func Reachable(dir string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	who, err := serverAccount(filepath.Join(dir, "postgres", "data"))
	if err != nil {
		return false
	}
	return who.reaches(nearest(dir))
}

// reaches tries instead of computing: access lists and mount options count too.
func (a account) reaches(dir string) bool {
	return a.command(context.Background(), "/bin/sh", "-c", `cd -- "$1"`, "sh", dir).Run() == nil
}

// nearest is the first of dir and the directories above it that exists.
func nearest(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == "/" || dir == "." {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func ownerOf(path string) (uid int, exists bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	sys, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(sys.Uid), true
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "number " + strconv.Itoa(uid)
}
