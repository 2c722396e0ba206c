//go:build unix

package stores

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the account that the server runs as. It is nil for the account that
// runs the test.
type account struct{ uid, gid int }

// unprivilegedNames are the accounts that exist on systems with PostgreSQL, and on
// every Unix.
var unprivilegedNames = []string{"postgres", "nobody"}

// unprivileged returns the account that the server runs as if root runs the test.
func unprivileged() (*account, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	var errs error
	for _, name := range unprivilegedNames {
		found, err := user.Lookup(name)
		if err != nil {
			errs = errors.Join(errs, err)
			continue
		}
		uid, err := strconv.Atoi(found.Uid)
		gid, err2 := strconv.Atoi(found.Gid)
		return &account{uid, gid}, errors.Join(err, err2)
	}
	return nil, errs
}

// takeOver makes the account the owner of a test's temporary directory, and lets it
// reach the directory.
func (a *account) takeOver(dir string) error {
	if a == nil {
		return nil
	}
	return errors.Join(os.Chown(dir, a.uid, a.gid), os.Chmod(dir, 0o700), os.Chmod(filepath.Dir(dir), 0o711))
}

// run lets a command run as the account.
func (a *account) run(cmd *exec.Cmd, dir string) {
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt of the test does not reach the server
	if a != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
}
