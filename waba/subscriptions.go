package waba

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph"
)

// Subscription is an app that receives an account's webhooks.
type Subscription struct {
	App App `json:"whatsapp_business_api_data"`
	// OverrideCallback is where message webhooks of this account go instead of
	// the app's own callback; empty if they go there.
	OverrideCallback string `json:"override_callback_uri"`
}

// App is an app as a subscription names it.
type App struct {
	ID   wagraph.AppID `json:"id"`
	Name string        `json:"name"`
	Link string        `json:"link"`
}

// Callback is where the webhooks of one account go instead of the app's own
// callback. Only message-like fields move; account_update and the other
// management fields always go to the app's.
type Callback struct {
	// URI is https and at most 200 characters.
	URI string `url:"override_callback_uri"`
	// VerifyToken is what Meta sends in its verification request to URI, which
	// it makes before this call answers.
	VerifyToken wagraph.Secret `url:"verify_token"`
}

// maxCallback is how many characters an override may have.
const maxCallback = 200

func (cb Callback) check() error {
	u, err := url.Parse(cb.URI)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "":
		return &wagraph.InputError{Field: "callback URI", Reason: "must be an absolute https URL"}
	case len(cb.URI) > maxCallback:
		return &wagraph.InputError{Field: "callback URI", Reason: "must have at most 200 characters"}
	case cb.VerifyToken.IsZero():
		return &wagraph.InputError{Field: "verify token", Reason: "is empty; Meta requires one with a callback"}
	}
	return nil
}

// Subscriptions lists the apps that are subscribed to the account's webhooks.
// Apps of others may be among them: compare App.ID with your own.
//
// Token: a system user that may see the account, or the client's business token.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
func (c *Client) Subscriptions(id wagraph.WABAID) *wagraph.List[Subscription] {
	return wagraph.NewList[Subscription](c.graph, wagraph.Request{
		Route: routeSubscribedApps, IDs: []string{string(id)},
	}, wagraph.ListOptions{})
}

// Subscribe subscribes the token's own app to the account's webhooks; no other
// app can be. Nothing arrives for an account before this. It removes an
// override set by [Client.SubscribeTo]: where there is one, repeat that.
//
// Token: a system user that may see the account, or the client's business
// token. It may be repeated without harm.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
func (c *Client) Subscribe(ctx context.Context, id wagraph.WABAID) error {
	return done(ctx, c.graph, SubscribeOp(id))
}

// SubscribeOp is Subscribe as a value.
func SubscribeOp(id wagraph.WABAID) wagraph.Op[wagraph.Success] {
	return write(http.MethodPost, routeSubscribedApps, string(id), nil, nil)
}

// SubscribeTo subscribes the token's own app and sends the account's message
// webhooks to a callback of their own. If Meta's verification of the callback
// fails the call fails, and an earlier subscription stays as it was.
//
// Token: a system user that may see the account, or the client's business
// token. It may be repeated without harm.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
func (c *Client) SubscribeTo(ctx context.Context, id wagraph.WABAID, callback Callback) error {
	return done(ctx, c.graph, write(http.MethodPost, routeSubscribedApps, string(id), callback, callback.check()))
}

// Unsubscribe removes the token's own app from the account's subscriptions.
//
// Token: a system user that may see the account, or the client's business
// token. It may be repeated without harm.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
func (c *Client) Unsubscribe(ctx context.Context, id wagraph.WABAID) error {
	return done(ctx, c.graph, UnsubscribeOp(id))
}

// UnsubscribeOp is Unsubscribe as a value.
func UnsubscribeOp(id wagraph.WABAID) wagraph.Op[wagraph.Success] {
	return write(http.MethodDelete, routeSubscribedApps, string(id), nil, nil)
}

// write is a call that leaves the same state however often it is made.
func write(method, route, id string, form any, err error) wagraph.Op[wagraph.Success] {
	return wagraph.NewOp[wagraph.Success](wagraph.Request{
		Method: method, Route: route, IDs: []string{id}, Form: form, Repeat: wagraph.RepeatAlways,
	}, err)
}

func done(ctx context.Context, graph *wagraph.Client, op wagraph.Op[wagraph.Success]) error {
	_, err := wagraph.Send(ctx, graph, op)
	return err
}
