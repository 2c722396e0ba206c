package waba

import (
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Account is a WhatsApp Business Account. Fields that were not asked for, and
// fields that the token may not see, are zero.
type Account struct {
	ID   graph.WABAID `json:"id"`
	Name string       `json:"name"`
	// Currency is the currency of the invoices, an ISO 4217 code. It cannot be
	// changed.
	Currency string `json:"currency"`
	// TimezoneID is the number that Meta gives to a time zone: "1" is Los
	// Angeles.
	TimezoneID TimezoneID `json:"timezone_id"`
	// TemplateNamespace is the namespace of the account's message templates.
	TemplateNamespace string `json:"message_template_namespace"`
	// OwnerBusiness is the client's portfolio. It can no longer be read after
	// the client stops sharing the account. Store its id: it is needed to
	// revoke credit.
	OwnerBusiness graph.Business `json:"owner_business_info"`
	// PrimaryFundingID names the source that pays for messages. It is the
	// receiving credential of an allocation if a credit line pays, and empty if
	// nothing does.
	PrimaryFundingID graph.FundingID `json:"primary_funding_id"`
	// ReviewStatus is the state of Meta's policy review of the account.
	ReviewStatus ReviewStatus `json:"account_review_status"`
	// VerificationStatus is the state of the verification of the owner's
	// business.
	VerificationStatus VerificationStatus `json:"business_verification_status"`
	// Status is ACTIVE. Meta documents no other value.
	Status string `json:"status"`
	// OwnershipType says how the portfolio holds the account.
	OwnershipType OwnershipType `json:"ownership_type"`
	// Country is an ISO 3166-1 alpha-2 code.
	Country string `json:"country"`
	// CreationTime is the time by which lists are sorted and filtered.
	CreationTime graph.Time `json:"creation_time"`
}

// DefaultFields returns the fields that Get and the lists of accounts ask for.
// Every Graph version from v21.0 on knows them.
func DefaultFields() graph.Fields {
	return graph.Fields{
		"id", "name", "currency", "timezone_id", "message_template_namespace",
		"owner_business_info", "primary_funding_id", "account_review_status",
		"business_verification_status", "status", "ownership_type", "country", "creation_time",
	}
}

// TimezoneID is the number that Meta gives to a time zone.
type TimezoneID string

// UnmarshalJSON accepts a string, a number or null.
func (id *TimezoneID) UnmarshalJSON(b []byte) error {
	var text graph.WABAID
	err := text.UnmarshalJSON(b)
	*id = TimezoneID(text)
	return err
}

// ReviewStatus is the state of Meta's policy review of an account. Meta adds
// values without notice.
type ReviewStatus string

// The review states that Meta documents.
const (
	ReviewPending  ReviewStatus = "PENDING"
	ReviewApproved ReviewStatus = "APPROVED"
	ReviewRejected ReviewStatus = "REJECTED"
	ReviewDeferred ReviewStatus = "DEFERRED"
)

// VerificationStatus is the state of the verification of a business. Graph
// writes it in lower case, but in some answers in capitals: compare with Is.
type VerificationStatus string

// The verification states that Meta documents.
const (
	VerificationVerified        VerificationStatus = "verified"
	VerificationNotVerified     VerificationStatus = "not_verified"
	VerificationPending         VerificationStatus = "pending"
	VerificationNeedMoreInfo    VerificationStatus = "pending_need_more_info"
	VerificationNeedsSubmission VerificationStatus = "pending_submission"
	VerificationRejected        VerificationStatus = "rejected"
	VerificationRevoked         VerificationStatus = "revoked"
	VerificationFailed          VerificationStatus = "failed"
	VerificationExpired         VerificationStatus = "expired"
	VerificationIneligible      VerificationStatus = "ineligible"
)

// Is reports whether two states are the same, without regard to case.
func (s VerificationStatus) Is(other VerificationStatus) bool {
	return strings.EqualFold(string(s), string(other))
}

// OwnershipType says how a portfolio holds an account.
type OwnershipType string

// The kinds of ownership that Meta documents. New on-behalf-of accounts cannot
// be created any more.
const (
	OwnershipSelf        OwnershipType = "SELF"
	OwnershipClientOwned OwnershipType = "CLIENT_OWNED"
	OwnershipOnBehalfOf  OwnershipType = "ON_BEHALF_OF"
)

// Subscription is an app that receives an account's webhooks.
type Subscription struct {
	App App `json:"whatsapp_business_api_data"`
	// OverrideCallback is the address that the account's message webhooks go
	// to. It is empty if they go to the app's own callback.
	OverrideCallback string `json:"override_callback_uri"`
}

// App is an app, as a subscription names it.
type App struct {
	ID   graph.AppID `json:"id"`
	Name string      `json:"name"`
	Link string      `json:"link"`
}

// User is a user that is assigned to an account.
type User struct {
	ID   graph.UserID `json:"id"`
	Name string       `json:"name"`
	// Tasks are the things that the user may do. Not every Graph version sends
	// them.
	Tasks []Task `json:"tasks"`
	// Business is the portfolio that the user belongs to.
	Business graph.Business `json:"business"`
	Type     UserType       `json:"user_type"`
}

// UserType is the kind of an assigned user.
type UserType string

// The kinds of users that Meta documents.
const (
	UserTypeBusiness UserType = "BUSINESS_USER"
	UserTypeSystem   UserType = "SYSTEM_USER"
	UserTypePersonal UserType = "PERSONAL_USER"
)

// Task is a thing that a user may do with an account.
type Task string

// The tasks that Meta documents. TaskManage is full control: a user that grants
// it must have it. Meta refuses it in a Multi-Partner Solution without
// messaging: name the single tasks there.
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

// SystemUser is a user of a portfolio that is a program and not a person. Its
// id is the one that the API uses. The id that Business Settings shows does not
// work in calls.
type SystemUser struct {
	ID   graph.SystemUserID `json:"id"`
	Name string             `json:"name"`
	Role Role               `json:"role"`
}

// Role is the role of a system user in its portfolio. Meta's pages differ in
// its case: compare with Is.
type Role string

// The roles that Meta documents. An admin has access to all accounts of the
// portfolio, also to shared ones. An employee has access to the accounts that it
// is assigned to.
const (
	RoleAdmin    Role = "ADMIN"
	RoleEmployee Role = "EMPLOYEE"
)

// Is reports whether two roles are the same, without regard to case.
func (r Role) Is(other Role) bool { return strings.EqualFold(string(r), string(other)) }
