//go:build !unix

package stores

import "os/exec"

// account is the account that the server runs as: on this system, the account that
// runs the test.
type account struct{}

func unprivileged() (*account, error) { return nil, nil }

func (*account) takeOver(string) error { return nil }

func (*account) run(cmd *exec.Cmd, dir string) { cmd.Dir = dir }
