package phonenumbers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Register connects the number to the Cloud API. If the number has a two-step
// PIN, that is the PIN to give. Otherwise the call sets it. A PIN is six digits.
//
// The call is sent once and never repeated, because Meta counts registrations.
// After an ErrOutcomeUnknown read the Status of the number before you try again.
// Do not register a number that the WhatsApp Business app uses
// (Number.OnBusinessApp).
//
// Token: the client's business token or a system user of the partner, with
// whatsapp_business_management and whatsapp_business_messaging. Errors:
// ErrPermission; ErrOutcomeUnknown; and by code: 133005, the number has another
// PIN; 133006, the number has to be verified first; 133008 and 133009, PINs were
// tried too often; 133015, the number was deleted minutes ago; 133016, the
// number is locked for 72 hours (ErrWait).
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration
func (c *Client) Register(ctx context.Context, id graph.PhoneNumberID, pin graph.Secret) error {
	return c.sendCounted(ctx, graph.Request{
		Method: http.MethodPost, Route: routeRegister, IDs: []string{string(id)},
		Form: registration{MessagingProduct: "whatsapp", PIN: pin},
	}, CheckPIN(pin))
}

// Deregister disconnects the number from the Cloud API. The number stays in the
// WABA, with its history. The call is sent once and never repeated, and Meta
// counts it like a registration.
//
// Token: the client's business token or a system user of the partner, with
// whatsapp_business_management and whatsapp_business_messaging. Errors:
// ErrPermission; ErrOutcomeUnknown; ErrInvalid for a number that the WhatsApp
// Business app uses; 133016 after too many calls (ErrWait).
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration
func (c *Client) Deregister(ctx context.Context, id graph.PhoneNumberID) error {
	return c.sendCounted(ctx, graph.Request{Method: http.MethodPost, Route: routeDeregister, IDs: []string{string(id)}})
}

// SetPIN sets or changes the two-step PIN of the number: six digits. Meta does not ask
// for the earlier PIN, so the call may be repeated. Two-step verification cannot be
// switched off through the API.
//
// Token: the client's business token or a system user of the partner, with
// whatsapp_business_management and whatsapp_business_messaging. Errors: ErrPermission;
// ErrInvalid.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/two-step-verification
func (c *Client) SetPIN(ctx context.Context, id graph.PhoneNumberID, pin graph.Secret) error {
	_, err := apicall.Send(ctx, c.base(), constructor, apicall.Op[graph.Success](graph.Request{
		Method: http.MethodPost, Route: routeNumber, IDs: []string{string(id)},
		Form: twoStep{PIN: pin}, Repeat: graph.RepeatAlways,
	}, CheckPIN(pin)))
	return err
}

type twoStep struct {
	PIN graph.Secret `url:"pin"`
}

type registration struct {
	MessagingProduct string       `url:"messaging_product"`
	PIN              graph.Secret `url:"pin"`
}

// sendCounted sends a call of which Meta allows ten for each number within 72
// hours.
func (c *Client) sendCounted(ctx context.Context, req graph.Request, errs ...error) error {
	req.Repeat = graph.RepeatOnce
	_, err := apicall.Send(ctx, c.base(), constructor, apicall.Op[graph.Success](req, errs...))
	return err
}

// PINLength is the number of digits of a two-step PIN.
const PINLength = 6

// CheckPIN returns a graph.InputError if the text cannot be a two-step PIN,
// which is six digits. The error does not show the text.
func CheckPIN(pin graph.Secret) error {
	text := pin.Reveal()
	if len(text) != PINLength || Digits(text) != text {
		return &graph.InputError{Field: "pin", Reason: fmt.Sprintf("must be %d digits", PINLength)}
	}
	return nil
}
