package waba

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
)

// User is somebody who may work on an account.
type User struct {
	ID   wagraph.UserID `json:"id"`
	Name string         `json:"name"`
	// Tasks are what the user may do. Not every Graph version sends them.
	Tasks    []Task   `json:"tasks"`
	Business Business `json:"business"`
	Type     UserType `json:"user_type"`
}

// UserType is the kind of an assigned user.
type UserType string

// The kinds of users that Meta documents.
const (
	UserTypeBusiness UserType = "BUSINESS_USER"
	UserTypeSystem   UserType = "SYSTEM_USER"
	UserTypePersonal UserType = "PERSONAL_USER"
)

// Task is something that a user may do with an account.
type Task string

// The tasks that Meta documents. TaskManage is full control; whoever grants it
// must have it. In a Multi-Partner Solution without messaging it is refused,
// and the single tasks have to be named.
const (
	TaskManage            Task = "MANAGE"
	TaskDevelop           Task = "DEVELOP"
	TaskManageTemplates   Task = "MANAGE_TEMPLATES"
	TaskViewTemplates     Task = "VIEW_TEMPLATES"
	TaskManagePhone       Task = "MANAGE_PHONE"
	TaskManagePhoneAssets Task = "MANAGE_PHONE_ASSETS"
	TaskViewPhoneAssets   Task = "VIEW_PHONE_ASSETS"
	TaskViewCost          Task = "VIEW_COST"
	TaskViewInsights      Task = "VIEW_INSIGHTS"
	TaskManageExtensions  Task = "MANAGE_EXTENSIONS"
	TaskManageUsers       Task = "MANAGE_USERS"
	TaskManageBilling     Task = "MANAGE_BILLING"
	TaskMessaging         Task = "MESSAGING"
)

// SystemUser is a user of a portfolio that is a program. Its id is the one that
// the API knows; the one that Business Settings shows does not work in calls.
type SystemUser struct {
	ID   wagraph.SystemUserID `json:"id"`
	Name string               `json:"name"`
	Role Role                 `json:"role"`
}

// Role is what a system user is in its portfolio. Compare with Is: Meta's pages
// disagree on the case.
type Role string

// The roles. An admin has access to all accounts of the portfolio, shared ones
// included; an employee only to those that it is assigned to.
const (
	RoleAdmin    Role = "ADMIN"
	RoleEmployee Role = "EMPLOYEE"
)

// Is compares a role without regard to case.
func (r Role) Is(other Role) bool { return strings.EqualFold(string(r), string(other)) }

// UserQuery shapes a list of users.
type UserQuery struct {
	// Fields to ask for instead of all that the type has.
	Fields wagraph.Fields
	// PageSize is at most 100, which is the default.
	PageSize int
}

func (q UserQuery) options(def wagraph.Fields) wagraph.ListOptions {
	return wagraph.ListOptions{Fields: orDefault(q.Fields, def), PageSize: q.PageSize}
}

func (q UserQuery) check() error {
	if q.PageSize > maxPageSize {
		return &wagraph.InputError{Field: "page size", Reason: "must be from 1 to 100, or 0 for the default"}
	}
	return nil
}

// Users lists who of the portfolio business is assigned to the account. Admin
// system users have access without being listed.
//
// Token: a system user of the portfolio.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users
func (c *Client) Users(id wagraph.WABAID, business wagraph.BusinessID, q UserQuery) *wagraph.List[User] {
	opts := q.options(wagraph.Fields{"id", "name", "tasks", "business", "user_type"})
	return wagraph.NewList[User](c.graph, wagraph.Request{
		Route: routeAssignedUsers, IDs: []string{string(id)}, Query: url.Values{"business": {string(business)}},
	}, opts, wagraph.CheckID("business-id", business), q.check())
}

// Assign lets a system user work on the account, with these tasks and no
// others: an earlier assignment is replaced.
//
// Token: an admin system user of the portfolio. It may be repeated without
// harm. Errors: ErrInvalid for a task that may not be given, ErrPermission.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users
func (c *Client) Assign(ctx context.Context, id wagraph.WABAID, user wagraph.SystemUserID, tasks ...Task) error {
	return done(ctx, c.graph, AssignOp(id, user, tasks...))
}

// AssignOp is Assign as a value.
func AssignOp(id wagraph.WABAID, user wagraph.SystemUserID, tasks ...Task) wagraph.Op[wagraph.Success] {
	err := checkUser(user)
	if len(tasks) == 0 || slices.Contains(tasks, "") {
		err = &wagraph.InputError{Field: "tasks", Reason: "is empty, or has an empty task"}
	}
	return write(http.MethodPost, routeAssignedUsers, string(id), assignment{User: user, Tasks: wagraph.JSONParam{Value: tasks}}, err)
}

// Unassign takes all tasks on the account from a system user.
//
// Token: an admin system user of the portfolio. Errors: ErrInvalid for a user
// that is not assigned, ErrPermission.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users
func (c *Client) Unassign(ctx context.Context, id wagraph.WABAID, user wagraph.SystemUserID) error {
	op := write(http.MethodDelete, routeAssignedUsers, string(id), nil, checkUser(user))
	op.Request.Query = assignment{User: user}
	err := done(ctx, c.graph, op)
	if e, ok := errors.AsType[*wagraph.Error](err); ok && e.Kind == wagraph.ErrInvalid && e.Attempts > 1 {
		return nil // an attempt whose answer was lost has done it
	}
	return err
}

type assignment struct {
	User  wagraph.SystemUserID `url:"user"`
	Tasks wagraph.JSONParam    `url:"tasks,omitempty"`
}

func checkUser(user wagraph.SystemUserID) error {
	return wagraph.CheckID("system-user-id", user)
}

// SystemUsers lists the portfolio's system users.
//
// Token: an admin system user of the portfolio with business_management.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/system_users
func (c *Client) SystemUsers(business wagraph.BusinessID, q UserQuery) *wagraph.List[SystemUser] {
	return wagraph.NewList[SystemUser](c.graph, wagraph.Request{
		Route: routeSystemUsers, IDs: []string{string(business)},
	}, q.options(wagraph.Fields{"id", "name", "role"}), q.check())
}
