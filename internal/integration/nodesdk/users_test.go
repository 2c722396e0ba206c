package nodesdk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// assignment is what users.js prints.
type assignment struct {
	Users []struct {
		ID         graph.SystemUserID `json:"id"`
		Name, Role string
	}
	Assigned success
	Listed   []struct {
		ID       graph.SystemUserID `json:"id"`
		Name     string
		Tasks    []string
		UserType string `json:"user_type"`
	}
	Unassigned *success
}

// users assigns an employee to an account with two tasks, and removes it again.
func (p program) users(t *testing.T) {
	sim := serve(t)
	waba := sim.world.ClientWABAs[0]
	var seen assignment
	p.run(t, sim, "users.js", input{"waba_id": waba, "keep": true}, &seen)

	require.Len(t, seen.Users, 2)
	tasks := []string{"DEVELOP", "MANAGE_PHONE"}
	require.True(t, seen.Assigned.Success)
	require.Equal(t, map[graph.SystemUserID][]string{sim.world.Employee.ID: tasks}, sim.Assigned(waba))
	require.Len(t, seen.Listed, 1)
	require.Equal(t, sim.world.Employee.ID, seen.Listed[0].ID)
	require.Equal(t, tasks, seen.Listed[0].Tasks)
	require.Equal(t, "SYSTEM_USER", seen.Listed[0].UserType)
	require.Nil(t, seen.Unassigned)

	p.run(t, sim, "users.js", input{"waba_id": waba}, &seen)
	require.Len(t, seen.Listed, 1, "assigning twice replaces")
	require.True(t, seen.Unassigned.Success)
	require.Empty(t, sim.Assigned(waba))
}
