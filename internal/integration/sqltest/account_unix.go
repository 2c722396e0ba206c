//go:build unix

package sqltest

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who the server runs as; nil for whoever runs the test.
type account struct{ uid, gid int }

// unprivileged is the account to run as in the place of root.
func unprivileged() (*account, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	var errs error
	for _, name := range []string{"postgres", "nobody"} {
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

// own hands a test's temporary directory over, and lets the account reach it.
func (a *account) own(dir string) error {
	if a == nil {
		return nil
	}
	return errors.Join(os.Chown(dir, a.uid, a.gid), os.Chmod(dir, 0o700), os.Chmod(filepath.Dir(dir), 0o711))
}

// run has a command run as the account.
func (a *account) run(cmd *exec.Cmd, dir string) {
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt of the test is not the server's
	if a != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
}
