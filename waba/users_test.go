package waba_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const (
	postUsers   = "POST /{waba-id}/assigned_users"
	deleteUsers = "DELETE /{waba-id}/assigned_users"
)

// An assignment gives exactly these tasks, also if it is repeated.
func TestClient_Assign(t *testing.T) {
	for name, opts := range map[string][]graphtest.Option{"ids as texts": nil, "ids as numbers": {graphtest.WithNumericIDs()}} {
		t.Run(name, func(t *testing.T) {
			server, w, accounts := sdktest.Start(t, waba.New, opts...)
			id, user := w.ClientWABAs[0], w.Employee.ID
			require.Empty(t, sdktest.Collect(t, accounts.Users(id, w.Business, waba.UserQuery{})))
			require.NoError(t, accounts.Assign(t.Context(), id, user, waba.TaskManage))
			require.NoError(t, accounts.Assign(t.Context(), id, user, waba.TaskManage))
			require.Equal(t, []string{"MANAGE"}, server.Assigned(id)[user])
			require.JSONEq(t, `["MANAGE"]`, sdktest.LastCall(t, server).Form.Get("tasks"))

			require.NoError(t, accounts.Assign(t.Context(), id, user, waba.TaskViewCost, waba.TaskDevelop))
			users := sdktest.Collect(t, accounts.Users(id, w.Business, waba.UserQuery{PageSize: 1}))
			require.Len(t, users, 1)
			require.Equal(t, graph.UserID(user), users[0].ID)
			require.Equal(t, "relay-onboarding", users[0].Name)
			require.ElementsMatch(t, []waba.Task{waba.TaskDevelop, waba.TaskViewCost}, users[0].Tasks)
			require.Equal(t, w.Business, users[0].Business.ID)
			require.Equal(t, waba.UserTypeSystem, users[0].Type)

			require.NoError(t, accounts.Unassign(t.Context(), id, user))
			require.Empty(t, sdktest.Collect(t, accounts.Users(id, w.Business, waba.UserQuery{})))
		})
	}
}

// The system users of the portfolio, with their ids and roles.
func TestClient_SystemUsers(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	users := sdktest.Collect(t, accounts.SystemUsers(w.Business, waba.UserQuery{PageSize: 1}))
	require.Len(t, users, 2)
	roles := map[graph.SystemUserID]waba.Role{}
	for _, u := range users {
		require.NotEmpty(t, u.Name)
		roles[u.ID] = u.Role
	}
	require.True(t, roles[w.Admin.ID].Is(waba.RoleAdmin))
	require.True(t, roles[w.Employee.ID].Is(waba.RoleEmployee))
	require.True(t, waba.Role("Admin").Is(waba.RoleAdmin), "Meta's pages disagree on the case")
	short := sdktest.Collect(t, accounts.SystemUsers(w.Business, waba.UserQuery{Fields: graph.Fields{"id"}}))
	require.Empty(t, short[0].Name)
	require.Equal(t, "id", sdktest.LastCall(t, server).Query.Get("fields"))
}

// Meta refuses unknown tasks, unknown users, and tokens that may not assign.
func TestClient_AssignErrors(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	id := w.ClientWABAs[0]
	require.ErrorIs(t, accounts.Assign(t.Context(), id, w.Employee.ID, "NO_SUCH_TASK"), graph.ErrInvalid)
	require.ErrorIs(t, accounts.Assign(t.Context(), id, "999999999999999", waba.TaskManage), graph.ErrInvalid)
	require.ErrorIs(t, accounts.Assign(t.Context(), "999999999999999", w.Employee.ID, waba.TaskManage), graph.ErrNotFound)
	require.ErrorIs(t, accounts.Unassign(t.Context(), id, w.Employee.ID), graph.ErrInvalid, "it was not assigned")
	require.ErrorIs(t, sdktest.Failure(t, accounts.Users(id, w.WithCredit+"1", waba.UserQuery{})), graph.ErrInvalid, "not a portfolio with access")

	require.NoError(t, accounts.Assign(t.Context(), id, w.Employee.ID, waba.TaskManage))
	employee := sdktest.As(server, waba.New, w.Employee.Token)
	require.ErrorIs(t, employee.Assign(t.Context(), id, w.Employee.ID, waba.TaskManage), graph.ErrPermission)
	require.ErrorIs(t, employee.Unassign(t.Context(), id, w.Employee.ID), graph.ErrPermission)

	done, err := server.Signup(graphtest.SignupOptions{})
	require.NoError(t, err)
	client := sdktest.AsCustomer(t, server, waba.New, done.Business)
	require.ErrorIs(t, client.Assign(t.Context(), done.WABAs[0], w.Employee.ID, waba.TaskManage), graph.ErrPermission)
}

// A call whose answer was lost is sent again, and leaves one assignment.
func TestClient_AssignThroughFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fault := range []graphtest.Fault{{LoseReply: true}, {CutBody: 3}, {ResetBefore: true}, {Code: 2}, {Code: 80008}, {Status: 502}} {
			server, w, accounts := sdktest.Start(t, waba.New)
			server.Times(postUsers, 2, fault)
			require.NoError(t, accounts.Assign(t.Context(), w.ClientWABAs[0], w.Employee.ID, waba.TaskManage))
			require.Len(t, server.Assigned(w.ClientWABAs[0]), 1)
			require.Len(t, server.Calls(), 3)
		}
	})
}

// Meta may answer a second removal with an error. If the answer to the first one
// was lost, that error means that the tasks are gone.
func TestClient_UnassignThroughFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fault := range []graphtest.Fault{{LoseReply: true}, {CutBody: 3}, {ResetBefore: true}, {Code: 2}, {Code: 80008}, {Status: 502}} {
			server, w, accounts := sdktest.Start(t, waba.New)
			id := w.ClientWABAs[0]
			require.NoError(t, accounts.Assign(t.Context(), id, w.Employee.ID, waba.TaskManage))
			server.Once(deleteUsers, fault)
			require.NoError(t, accounts.Unassign(t.Context(), id, w.Employee.ID))
			require.Empty(t, server.Assigned(id))
			require.Len(t, server.Calls(), 3)
		}
	})
}

func TestClient_UsersBadInput(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	id, user, ctx := w.ClientWABAs[0], w.Employee.ID, t.Context()
	for _, tt := range []struct {
		err   error
		field string
	}{
		{accounts.Assign(ctx, "", user, waba.TaskManage), "waba-id"},
		{accounts.Assign(ctx, id, "", waba.TaskManage), "system-user-id"},
		{accounts.Assign(ctx, id, "relay-admin", waba.TaskManage), "system-user-id"},
		{accounts.Assign(ctx, id, user), "tasks"},
		{accounts.Assign(ctx, id, user, waba.TaskManage, ""), "tasks"},
		{accounts.Unassign(ctx, "x", user), "waba-id"},
		{accounts.Unassign(ctx, id, "x"), "system-user-id"},
		{sdktest.Failure(t, accounts.Users("", w.Business, waba.UserQuery{})), "waba-id"},
		{sdktest.Failure(t, accounts.Users(id, "", waba.UserQuery{})), "business-id"},
		{sdktest.Failure(t, accounts.Users(id, "x", waba.UserQuery{})), "business-id"},
		{sdktest.Failure(t, accounts.Users(id, w.Business, waba.UserQuery{PageSize: 101})), "page size"},
		{sdktest.Failure(t, accounts.SystemUsers("", waba.UserQuery{})), "business-id"},
		{sdktest.Failure(t, accounts.SystemUsers(w.Business, waba.UserQuery{PageSize: -1})), "page size"},
	} {
		sdktest.RequireRefused(t, server, tt.err, tt.field)
	}
}
