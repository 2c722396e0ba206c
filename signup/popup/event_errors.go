package popup

import (
	"strings"
	"time"
)

// ErrorGroup is a group of errors of the popup that need the same action.
type ErrorGroup string

// The groups of Meta's page of errors.
const (
	GroupAdAccount            ErrorGroup = "ad_account"
	GroupLimits               ErrorGroup = "portfolio_or_waba_limit"
	GroupNames                ErrorGroup = "name"
	GroupCaptcha              ErrorGroup = "captcha"
	GroupCoexistence          ErrorGroup = "coexistence"
	GroupVerificationCode     ErrorGroup = "verification_code"
	GroupBusinessVerification ErrorGroup = "business_verification"
	GroupNumberLimits         ErrorGroup = "number_limit"
	GroupTestNumbers          ErrorGroup = "test_number"
	GroupRate                 ErrorGroup = "rate"
	GroupPartner              ErrorGroup = "partner"
	GroupSystem               ErrorGroup = "system"
	GroupRestricted           ErrorGroup = "restricted"
	GroupPages                ErrorGroup = "page"
	GroupLogin                ErrorGroup = "login"
	GroupNumberInUse          ErrorGroup = "number_in_use"
	// GroupInAppSignup has the errors of In-App Signup, another product that uses the
	// same error numbers.
	GroupInAppSignup ErrorGroup = "in_app_signup"
)

// ErrorInfo describes an error of the popup.
type ErrorInfo struct {
	// ID is Meta's number. It is 0 for an error that only has a text.
	ID    int
	Group ErrorGroup
	// Advice says what to do, in words of this module.
	Advice string
	// Wait is the longest wait that Meta names, or 0 if it names none.
	Wait time.Duration
	// Source is the title and date of the page of Meta that lists the error.
	Source string
}

// errorGroup is a group of errors with the advice for all of them.
type errorGroup struct {
	group  ErrorGroup
	advice string
	wait   time.Duration
	ids    []int
}

const (
	fromErrorsPage = "Embedded Signup errors, 24 Feb 2026"

	codeWait = 12 * time.Hour
)

// errorGroups has the errors of Meta's page. Tests check that the table is consistent.
var errorGroups = [...]errorGroup{
	{GroupAdAccount, "Have the client check its role in the ad account, or continue without one: the step is optional", 0,
		[]int{2655081, 2655055, 1752004, 1752140, 2455008, 2494149, 2446325, 1690214}},
	{GroupLimits, "Have the client verify its business, or choose a portfolio and a WABA that exist", 0,
		[]int{2388098, 1752089, 2494067, 1690114}},
	{GroupNames, "Have the client correct the name", 0,
		[]int{1690089, 1690091, 1690062, 2593010, 3771014, 2388009, 2388010, 1690090}},
	{GroupCaptcha, "Have the client repeat the captcha", 0,
		[]int{2655091}},
	{GroupCoexistence, "Show the client Meta's text: its number of the WhatsApp Business app cannot be connected in its present state", 0,
		[]int{3441041, 3441045, 2655095, 2655048, 3441042, 2655093, 2655082, 3441049, 3441030, 3441047, 4563015, 2655094}},
	{GroupVerificationCode, "Have the client wait before it asks for another code", codeWait,
		[]int{2593037, 2593039, 2494158, 2388091, 2388093}},
	{GroupBusinessVerification, "Check the documents that were submitted for the client's business verification", 0,
		[]int{2494030, 2494143}},
	{GroupNumberLimits, "The portfolio has as many numbers as it may have: free one, or have the client verify its business", 0,
		[]int{3441051, 2655011, 2388002}},
	{GroupTestNumbers, "Have the client use its own number instead of a test number", 0,
		[]int{2655076, 2655005}},
	{GroupRate, "Too many attempts: have the client try again later", 0,
		[]int{3441033, 3441046, 1390006, 1675004, 1390008}},
	{GroupPartner, "Check the partner's app, login configuration and solution: one of them is not in the state that the signup needs", 0,
		[]int{2655049, 2494029, 2593072, 2494028, 2494091, 2494120, 2494119}},
	{GroupSystem, "An error of Meta: have the client try again, and give the session id to Meta's support if it happens again", 0,
		[]int{1675030, 1675012, 2593030, 1357053, 1752224, 1752206, 3441003, 2593035, 4056009, 1690061, 1349246, 2655069, 2494102}},
	{GroupRestricted, "The client is restricted for a policy violation: it has to appeal in Business Support", 0,
		[]int{2655089, 3441040, 2388107, 2859015, 1784028, 1404163}},
	{GroupPages, "Have the client check its role in the Facebook page", 0,
		[]int{1690181, 1752069}},
	{GroupLogin, "Have the client secure its Facebook login, with two-factor authentication if Meta asks for it", 0,
		[]int{2859009, 2859043, 2136001, 4612001}},
	{GroupInAppSignup, "An error of In-App Signup, not of Embedded Signup", 0,
		[]int{2494164, 2494165, 2494166, 2494167, 2494168, 2494176, 2494177, 2494179}},
}

// errorDetails has the errors whose advice differs from that of their group.
var errorDetails = [...]struct {
	id     int
	advice string
	wait   time.Duration
}{
	{1690089, "Have the client choose another name for the system user", 0},
	{2593010, "Have the client shorten the WABA's name to at most 255 characters", 0},
	{2655093, "The number is connected to another partner: the client has to disconnect it there first", 0},
	{2655094, "Have the client try again after 15 minutes", 15 * time.Minute},
	{3441042, "Numbers of the WhatsApp Business app cannot be connected in the client's country", 0},
	{3441045, "The number needs more activity in the WhatsApp Business app first", 0},
	{3441049, "Have the client try again after 15 minutes", 15 * time.Minute},
}

// errorTexts has the errors without a number. They are found by a part of their English
// text.
var errorTexts = [...]struct {
	part string
	info ErrorInfo
}{
	{"guessed too many times", ErrorInfo{Group: GroupVerificationCode, Advice: "Have the client wait before it tries another code", Wait: codeWait, Source: fromErrorsPage}},
	{"in use by another account", ErrorInfo{
		Group: GroupNumberInUse, Advice: "A number that was just disconnected from the WhatsApp app is free after some minutes", Wait: 3 * time.Minute, Source: fromErrorsPage,
	}},
}

// LookupError returns the description of an error of the popup by Meta's number. It
// returns false for a number that is not in the table.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/errors
func LookupError(id int) (ErrorInfo, bool) {
	for _, group := range &errorGroups {
		for _, member := range group.ids {
			if member != id {
				continue
			}
			info := ErrorInfo{ID: id, Group: group.group, Advice: group.advice, Wait: group.wait, Source: fromErrorsPage}
			for _, detail := range errorDetails {
				if detail.id == id {
					info.Advice, info.Wait = detail.advice, detail.wait
				}
			}
			return info, true
		}
	}
	return ErrorInfo{}, false
}

// Info returns the description of the problem. It finds it by the number or, for the few
// errors without a number, by the English text. It returns false if it finds nothing.
func (p Problem) Info() (ErrorInfo, bool) {
	if p.ID != 0 {
		return LookupError(p.ID)
	}
	for _, text := range errorTexts {
		if strings.Contains(strings.ToLower(p.Message), text.part) {
			return text.info, true
		}
	}
	return ErrorInfo{}, false
}
