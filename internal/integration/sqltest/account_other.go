//go:build !unix

package sqltest

import "os/exec"

// account is who the server runs as: here, whoever runs the test.
type account struct{}

func unprivileged() (*account, error) { return nil, nil }

func (*account) own(string) error { return nil }

func (*account) run(cmd *exec.Cmd, dir string) { cmd.Dir = dir }
