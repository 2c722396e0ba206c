package waba

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Callback says where Meta sends the webhooks of one account, instead of to the
// app's own callback. It applies to messages and their statuses. account_update
// and the other management webhooks always go to the app's own callback.
type Callback struct {
	// URI is an https address of at most 200 characters.
	URI string `url:"override_callback_uri"`
	// VerifyToken is the text that Meta sends in its verification request to
	// URI. Meta makes that request before it answers the call.
	VerifyToken graph.Secret `url:"verify_token"`
}

// maxCallback is the most characters that Meta accepts in a callback address.
const maxCallback = 200

func (cb Callback) check() error {
	u, err := url.Parse(cb.URI)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "":
		return &graph.InputError{Field: "callback URI", Reason: "must be an absolute https URL"}
	case len(cb.URI) > maxCallback:
		return &graph.InputError{Field: "callback URI", Reason: "must have at most 200 characters"}
	case cb.VerifyToken.IsZero():
		return &graph.InputError{Field: "verify token", Reason: "is empty: Meta requires one with a callback"}
	}
	return nil
}

// Subscriptions lists the apps that are subscribed to the account's webhooks.
// Other companies' apps can be among them: compare App.ID with the id of your
// app.
//
// Token: a system user that may see the account, or the client's business
// token. Errors: ErrNotFound, also after the client stopped sharing the account.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
func (c *Client) Subscriptions(id graph.WABAID) *graph.List[Subscription] {
	return apicall.List[Subscription](c.base(), constructor, graph.Request{
		Route: routeSubscribedApps, IDs: []string{string(id)},
	}, apicall.ListOptions{})
}

// Subscribe subscribes the app of the token to the account's webhooks. Meta
// sends no webhook of an account before this call. A callback that
// [Client.SubscribeTo] set is removed: if the account has one, call SubscribeTo
// again instead.
//
// Token: a system user that may see the account, or the client's business
// token. It may be repeated without harm. Errors: ErrPermission; ErrNotFound,
// also after the client stopped sharing the account.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
func (c *Client) Subscribe(ctx context.Context, id graph.WABAID) error {
	return c.send(ctx, SubscribeOp(id))
}

// SubscribeOp returns the request that [Client.Subscribe] sends, for use in a
// graph.Batch.
func SubscribeOp(id graph.WABAID) graph.Op[graph.Success] {
	return write(http.MethodPost, routeSubscribedApps, string(id), nil)
}

// SubscribeTo subscribes the app of the token, and sends the account's message
// webhooks to a callback of their own. If Meta cannot verify the callback, the
// call fails and an earlier subscription does not change.
//
// Token: a system user that may see the account, or the client's business
// token. It may be repeated without harm. Errors: ErrInput for a callback that
// Meta would refuse; ErrInvalid with code 2200 if the verification failed;
// ErrPermission; ErrNotFound.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
func (c *Client) SubscribeTo(ctx context.Context, id graph.WABAID, callback Callback) error {
	return c.send(ctx, SubscribeToOp(id, callback))
}

// SubscribeToOp returns the request that [Client.SubscribeTo] sends, for use in
// a graph.Batch.
func SubscribeToOp(id graph.WABAID, callback Callback) graph.Op[graph.Success] {
	return write(http.MethodPost, routeSubscribedApps, string(id), callback, callback.check())
}

// Unsubscribe removes the subscription of the token's app to the account's
// webhooks.
//
// Token: a system user that may see the account, or the client's business
// token. It may be repeated without harm. Errors: ErrPermission; ErrNotFound,
// also after the client stopped sharing the account.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
func (c *Client) Unsubscribe(ctx context.Context, id graph.WABAID) error {
	return c.send(ctx, UnsubscribeOp(id))
}

// UnsubscribeOp returns the request that [Client.Unsubscribe] sends, for use in
// a graph.Batch.
func UnsubscribeOp(id graph.WABAID) graph.Op[graph.Success] {
	return write(http.MethodDelete, routeSubscribedApps, string(id), nil)
}
