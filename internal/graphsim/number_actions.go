package graphsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// numberActions: of these only the PIN and the webhook may be repeated without harm.
func numberActions() []*action {
	return []*action{
		{method: "POST", node: kWABA, edge: "phone_numbers", do: addNumber, params: []Param{
			{Name: "cc", Type: "string"}, {Name: "phone_number", Type: "string"}, {Name: "verified_name", Type: "string"},
			{Name: "migrate_phone_number", Type: "bool"}, {Name: "preverified_id", Type: "string"}}},
		{method: "POST", node: kNumber, edge: "request_code", do: requestCode, params: []Param{
			{Name: "code_method", Type: "string", Required: true, Enum: []string{"SMS", "VOICE"}}, {Name: "language", Type: "string", Required: true}}},
		{method: "POST", node: kNumber, edge: "verify_code", do: verifyCode, params: []Param{{Name: "code", Type: "string", Required: true}}},
		{method: "POST", node: kNumber, edge: "register", do: register, params: []Param{
			{Name: "messaging_product", Type: "string", Required: true, Enum: []string{"whatsapp"}}, {Name: "pin", Type: "string", Required: true},
			{Name: "data_localization_region", Type: "string"}, {Name: "meta_store_retention_minutes", Type: "unsigned int"}, {Name: "backup", Type: "map"}}},
		{method: "POST", node: kNumber, edge: "deregister", do: deregister},
		{method: "POST", node: kNumber, do: updateNumber, params: []Param{
			{Name: "pin", Type: "string"}, {Name: "new_display_name", Type: "string"}, {Name: "webhook_configuration", Type: "map"}}},
	}
}

// VerificationCode is the six digits that every simulated SMS and call carries.
const VerificationCode = "123830"

// Figures without a source in Meta's pages are said to be ours in the package's story.
const (
	registerLimit  = 10 // register and deregister together, for each number
	registerWindow = 72 * time.Hour
	pinGuesses     = 5 // wrong PINs in a row before the wait; unpublished
	pinWait        = time.Hour
	deletedWait    = 5 * time.Minute
	renameLimit    = 10 // display name changes in 30 days
	renameWindow   = 30 * 24 * time.Hour
)

// budget spends one attempt of the number's 10 in 72 hours. Meta's pages count
// register and deregister apart in places; counting them together is the stricter
// reading. The attempt beyond the limit locks the number for another 72 hours.
func (c *call) budget(n *number) *apiError {
	now := c.now.Unix()
	if now < n.lockedUntil {
		return errRegisterLimit()
	}
	from := c.now.Add(-registerWindow).Unix()
	n.attempts = slices.DeleteFunc(slices.Clone(n.attempts), func(t int64) bool { return t <= from })
	if len(n.attempts) >= registerLimit {
		n.lockedUntil = c.now.Add(registerWindow).Unix()
		return errRegisterLimit()
	}
	n.attempts = append(n.attempts, now)
	return nil
}

func errRegisterLimit() *apiError {
	return errWhatsApp(133016, "Account register/deregister rate limit exceeded", "Registration or deregistration failed because there were too many attempts for this phone number.")
}

// mayRegister checks the caller of register and deregister: both permissions.
func (c *call) mayRegister(n *number) *apiError {
	if err := c.has(scopeManagement, scopeMessaging); err != nil {
		return err
	}
	return c.manages(c.wabaOf(n), "MANAGE_PHONE", "MESSAGING")
}

// register connects a number to the Cloud API. The PIN is checked when one is set and
// set otherwise; an approved rename takes effect here.
func register(c *call) (any, *apiError) {
	n := c.node.(*number)
	w := c.wabaOf(n)
	if err := c.mayRegister(n); err != nil {
		return nil, err
	}
	pin := c.params.get("pin")
	switch {
	case !validPIN(pin):
		return nil, errBlame("pin", "Param pin must be a string of 6 digits")
	case c.params.has("data_localization_region") || c.params.has("meta_store_retention_minutes"):
		return nil, errParam("Local storage is no longer configured on this endpoint: use the settings of the phone number before registering it")
	case n.onBizApp:
		return nil, errParam("The phone number is in use with the WhatsApp Business app and is registered already")
	}
	if err := c.budget(n); err != nil {
		return nil, err
	}
	n.registers++
	switch now := c.now.Unix(); {
	case w.status != "ACTIVE" || w.review == "REJECTED":
		return nil, errWhatsApp(131031, "Business Account locked", "The WhatsApp Business Account is restricted or disabled.")
	case now < n.freshUntil:
		return nil, errWhatsApp(133015, "Please wait a few minutes before attempting to register this phone number", "The phone number was deleted recently and the deletion has not completed yet.")
	case n.verified != "VERIFIED" && n.state != "CONNECTED":
		return nil, errWhatsApp(133006, "Phone number re-verification needed", "The phone number must be verified before registering.")
	}
	if err := c.checkPIN(n, pin); err != nil {
		return nil, err
	}
	n.pin, n.wrongPINs = pin, 0
	n.state = "CONNECTED"
	if n.newStatus == "APPROVED" {
		n.takeNewName()
	}
	c.sim.note(w, "PHONE_NUMBER_REGISTERED")
	c.target = n
	return success(), nil
}

// takeNewName makes an approved rename the current name.
func (n *number) takeNewName() {
	n.name, n.serial, n.status = n.newName, n.newSerial, "APPROVED"
	n.newName, n.newStatus, n.newSerial = "", "", 0
}

// validPIN: a PIN is text, leading zeros and all.
func validPIN(pin string) bool { return len(pin) == 6 && digits(pin) == pin }

// checkPIN compares with the two-step PIN; too many wrong ones in a row must wait.
func (c *call) checkPIN(n *number, pin string) *apiError {
	if now := c.now.Unix(); now < n.pinLockUntil {
		return errWhatsApp(133008, "Too many two-step verification PIN guesses", fmt.Sprintf("Try again in %d seconds.", n.pinLockUntil-now))
	}
	if n.pin == "" || n.pin == pin {
		return nil
	}
	if n.wrongPINs++; n.wrongPINs >= pinGuesses {
		n.wrongPINs = 0
		n.pinLockUntil = c.now.Add(pinWait).Unix()
	}
	return errWhatsApp(133005, "Two step verification PIN Mismatch", "The two-step verification PIN is incorrect.")
}

// deregister disconnects a number; number, name and PIN stay.
func deregister(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.mayRegister(n); err != nil {
		return nil, err
	}
	if n.onBizApp {
		return nil, errParam("A phone number that is also used with the WhatsApp Business app cannot be deregistered")
	}
	if err := c.budget(n); err != nil {
		return nil, err
	}
	n.deregisters++
	if n.state != "CONNECTED" {
		return nil, errUser(2207051, "Phone number is not registered", "The phone number is not registered on the platform.")
	}
	n.state = "DISCONNECTED"
	c.sim.note(c.wabaOf(n), "PHONE_NUMBER_DEREGISTERED")
	c.target = n
	return success(), nil
}

// requestCode sends a verification code, at most once a minute.
func requestCode(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.manages(c.wabaOf(n), "MANAGE_PHONE"); err != nil {
		return nil, err
	}
	if n.verified == "VERIFIED" {
		return nil, errWhatsApp(136024, "Request code error", "The phone number is verified already.")
	}
	if err := c.sendCode(&n.codeSent); err != nil {
		return nil, err
	}
	n.codeTries = 0
	return success(), nil
}

// codeWait is our pace for verification codes; Meta publishes none.
const codeWait = time.Minute

// verificationLife is how long a sent code can be entered.
const verificationLife = 10 * time.Minute

// sendCode paces codes; the reason stands in the texts, as integrators report it.
func (c *call) sendCode(sent *int64) *apiError {
	if now := c.now.Unix(); *sent != 0 && now < *sent+int64(codeWait/time.Second) {
		e := errWhatsApp(136024, "Request code error", "A code was sent a moment ago.")
		e.title, e.text = "Couldn't send code", "Please wait a minute before you request another code."
		return e
	}
	*sent = c.now.Unix()
	return nil
}

// verifyCode confirms the ownership of a number.
func verifyCode(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.manages(c.wabaOf(n), "MANAGE_PHONE"); err != nil {
		return nil, err
	}
	if err := c.takeCode(&n.codeSent, &n.codeTries); err != nil {
		return nil, err
	}
	n.verified = "VERIFIED"
	if n.status == "NONE" {
		n.status = "AVAILABLE_WITHOUT_REVIEW"
	}
	n.certTime = c.now.Unix()
	c.target = n
	return success(), nil
}

// takeCode checks an entered code; wrong, late and too many are one error for Meta.
func (c *call) takeCode(sent *int64, tries *int) *apiError {
	text := c.params.get("code")
	fresh := *sent != 0 && c.now.Unix() <= *sent+int64(verificationLife/time.Second)
	if *tries++; !fresh || *tries > pinGuesses || strings.ReplaceAll(text, "-", "") != VerificationCode {
		e := errWhatsApp(136025, "Verify code error", "The code is wrong or has expired, or there were too many attempts.")
		e.subcode = 136025
		return e
	}
	*sent, *tries = 0, 0
	return nil
}

// updateNumber sets the PIN, asks for another display name, or overrides the webhook.
func updateNumber(c *call) (any, *apiError) {
	n := c.node.(*number)
	p := c.params
	c.target = n
	if p.has("pin") {
		if err := c.mayRegister(n); err != nil {
			return nil, err
		}
		if !validPIN(p.get("pin")) {
			return nil, errBlame("pin", "Param pin must be a string of 6 digits")
		}
		n.pin, n.wrongPINs = p.get("pin"), 0
		return success(), nil
	}
	if err := c.manages(c.wabaOf(n), "MANAGE_PHONE"); err != nil {
		return nil, err
	}
	switch {
	case p.get("new_display_name") != "":
		return c.rename(n, p.get("new_display_name"))
	case p.has("webhook_configuration"):
		return c.overrideWebhook(n, p.get("webhook_configuration"))
	}
	return nil, errParam("Nothing to update: give pin, new_display_name or webhook_configuration")
}

// rename asks for another display name; each request counts, also for the same name.
func (c *call) rename(n *number, name string) (any, *apiError) {
	from := c.now.Add(-renameWindow).Unix()
	n.renames = slices.DeleteFunc(slices.Clone(n.renames), func(t int64) bool { return t <= from })
	if len(n.renames) >= renameLimit {
		return nil, errParam("The display name was changed too often: at most %d times in 30 days", renameLimit)
	}
	n.renames = append(n.renames, c.now.Unix())
	n.newName, n.newStatus = name, "PENDING_REVIEW"
	return success(), nil
}
