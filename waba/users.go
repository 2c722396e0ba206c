package waba

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// UserQuery shapes a list of users. Its zero value asks for all of them.
type UserQuery struct {
	// Fields are the fields to ask for. The default is all fields of the type.
	Fields graph.Fields
	// PageSize is the number of users on a page, from 1 to 100. The default is
	// 100.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
}

func (q UserQuery) options(def graph.Fields) apicall.ListOptions {
	return apicall.ListOptions{Fields: q.Fields, Default: def, PageSize: q.PageSize, Prefetch: q.Prefetch}
}

// Users lists the users of the portfolio business that are assigned to the
// account. Admin system users have access without an assignment and are not in
// the list.
//
// Token: a system user of the portfolio. Errors: ErrInvalid if the portfolio
// has no access to the account; ErrNotFound, also after the client stopped
// sharing the account.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users
func (c *Client) Users(id graph.WABAID, business graph.BusinessID, q UserQuery) *graph.List[User] {
	return apicall.List[User](c.base(), constructor, graph.Request{
		Route: routeAssignedUsers, IDs: []string{string(id)}, Query: url.Values{"business": {string(business)}},
	}, q.options(graph.Fields{"id", "name", "tasks", "business", "user_type"}), graph.CheckID("business-id", business))
}

// Assign gives a system user these tasks on the account, and no others: it
// replaces an earlier assignment.
//
// Token: an admin system user of the portfolio. It may be repeated without
// harm. Errors: ErrInvalid for a task that the user cannot have; ErrPermission;
// ErrNotFound.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users
func (c *Client) Assign(ctx context.Context, id graph.WABAID, user graph.SystemUserID, tasks ...Task) error {
	return c.send(ctx, AssignOp(id, user, tasks...))
}

// AssignOp returns the request that [Client.Assign] sends, for use in a
// graph.Batch.
func AssignOp(id graph.WABAID, user graph.SystemUserID, tasks ...Task) graph.Op[graph.Success] {
	return write(http.MethodPost, routeAssignedUsers, string(id),
		assignment{User: user, Tasks: graph.JSONParam{Value: tasks}}, checkUser(user), checkTasks(tasks))
}

// Unassign takes all tasks on the account from a system user.
//
// Token: an admin system user of the portfolio. Errors: ErrInvalid for a user
// that is not assigned; ErrPermission; ErrNotFound.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users
func (c *Client) Unassign(ctx context.Context, id graph.WABAID, user graph.SystemUserID) error {
	err := c.send(ctx, UnassignOp(id, user))
	if e, ok := errors.AsType[*graph.Error](err); ok && e.Kind == graph.ErrInvalid && e.Attempts > 1 {
		return nil // an earlier attempt, whose answer was lost, has removed the user
	}
	return err
}

// UnassignOp returns the request that [Client.Unassign] sends, for use in a
// graph.Batch. There, an ErrInvalid of an op with more than one attempt can
// mean that an earlier attempt, whose answer was lost, has removed the user.
func UnassignOp(id graph.WABAID, user graph.SystemUserID) graph.Op[graph.Success] {
	op := write(http.MethodDelete, routeAssignedUsers, string(id), nil, checkUser(user))
	op.Request.Query = assignment{User: user}
	return op
}

type assignment struct {
	User  graph.SystemUserID `url:"user"`
	Tasks graph.JSONParam    `url:"tasks,omitempty"`
}

func checkUser(user graph.SystemUserID) error {
	return graph.CheckID("system-user-id", user)
}

func checkTasks(tasks []Task) error {
	if len(tasks) == 0 || slices.Contains(tasks, "") {
		return &graph.InputError{Field: "tasks", Reason: "is empty, or has an empty task"}
	}
	return nil
}

// SystemUsers lists the system users of the portfolio.
//
// Token: an admin system user of the portfolio, with business_management.
// Errors: ErrPermission; ErrNotFound for an unknown portfolio.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/system_users
func (c *Client) SystemUsers(business graph.BusinessID, q UserQuery) *graph.List[SystemUser] {
	return apicall.List[SystemUser](c.base(), constructor, graph.Request{
		Route: routeSystemUsers, IDs: []string{string(business)},
	}, q.options(graph.Fields{"id", "name", "role"}))
}
