package graphsim

import (
	"strings"
	"time"
)

func numberVerifyActions() []*action {
	return []*action{
		{method: "POST", node: kNumber, edge: "request_code", do: requestCode, params: []Param{
			{Name: "code_method", Type: "string", Required: true, Enum: []string{"SMS", "VOICE"}}, {Name: "language", Type: "string", Required: true}}},
		{method: "POST", node: kNumber, edge: "verify_code", do: verifyCode, params: []Param{{Name: "code", Type: "string", Required: true}}},
	}
}

// VerificationCode is the code of every simulated SMS and call.
const VerificationCode = "123830"

// requestCode sends a verification code, at most one a minute.
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

// codeWait is the simulator's pace for verification codes. Meta publishes none.
const codeWait = time.Minute

// verificationLife is how long a verification code can be entered.
const verificationLife = 10 * time.Minute

// sendCode refuses a code that is requested too early. Integrators report that the
// reason stands in the texts for people.
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

// takeCode checks the code that was entered. A wrong code, a late one and too many
// attempts are the same error.
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
