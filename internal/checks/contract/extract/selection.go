package main

// The specifications cover much more than the management of WhatsApp clients:
// adverts, pages, games, messaging. The lists below name what is extracted. A name
// that a newer specification no longer has stops the extraction.

// own selects the calls on a node itself: read, update and delete. read selects only
// the first of them.
const (
	own  = "#"
	read = "#get"
)

// nodes maps each node type of the codegen schema to its extracted edges.
var nodes = map[string][]string{
	"Application": {
		read, "connected_client_businesses", "subscriptions", "uploads",
		"whatsapp_business_solution", "whatsapp_business_solutions",
	},
	"AssignedUser": {},
	"Business": {
		own, "add_phone_numbers", "client_whatsapp_business_accounts", "extendedcreditapplications",
		"extendedcredits", "onboard_partners_to_mm_lite", "owned_whatsapp_business_accounts",
		"preverified_numbers", "self_certified_whatsapp_business_submissions",
		"self_certify_whatsapp_business", "share_preverified_numbers",
		"system_user_access_tokens", "system_users",
	},
	"ExtendedCredit": {
		own, "extended_credit_invoice_groups", "owning_credit_allocation_configs",
		"whatsapp_credit_attach", "whatsapp_credit_sharing", "whatsapp_credit_sharing_and_attach",
	},
	"ExtendedCreditAllocationConfig": {own},
	"ExtendedCreditInvoiceGroup":     {own},
	"SystemUser":                     {own, "assigned_whatsapp_business_accounts"},
	"User": {
		own, "access_tokens", "applications", "assigned_whatsapp_business_accounts", "businesses",
	},
	"WhatsAppBusinessAccount": {
		own, "activities", "assigned_users", "message_templates", "migrate_message_templates",
		"phone_numbers", "schedules", "set_solution_migration_intent", "solutions",
		"subscribed_apps", "upsert_message_templates",
	},
	"WhatsAppBusinessHealthStatus":                        {},
	"WhatsAppBusinessHealthStatusForMessageSend":          {},
	"WhatsAppBusinessPartnerClientVerificationSubmission": {},
	"WhatsAppBusinessPreVerifiedPhoneNumber": {
		own, "partners", "request_code", "verify_code",
	},
	"WhatsAppBusinessProfile":    {own},
	"WhatsappSubscribedAppsInfo": {},
}

// nodeFields limits the fields of node types that are mostly not about WhatsApp.
var nodeFields = map[string][]string{
	"Application": {"business", "category", "created_time", "icon_url", "id", "link", "name", "namespace", "owner_business"},
	"User":        {"client_business_id", "email", "first_name", "id", "last_name", "link", "name", "short_name"},
}

// routes are the extracted paths of the OpenAPI document, without its version
// segment.
var routes = []string{
	"/{Application-ID}/connected_client_businesses",
	"/{Application-ID}/whatsapp_business_solution",
	"/{Application-ID}/whatsapp_business_solutions",
	"/{Business-ID}",
	"/{Business-ID}/add_phone_numbers",
	"/{Business-ID}/client_whatsapp_business_accounts",
	"/{Business-ID}/extendedcredits",
	"/{Business-ID}/onboard_partners_to_mm_lite",
	"/{Business-ID}/owned_whatsapp_business_accounts",
	"/{Business-ID}/preverified_numbers",
	"/{Business-ID}/share_preverified_numbers",
	"/{Migration-Intent-ID}",
	"/{Phone-Number-ID}",
	"/{Phone-Number-ID}/block_users",
	"/{Phone-Number-ID}/business_compliance_info",
	"/{Phone-Number-ID}/conversational_automation",
	"/{Phone-Number-ID}/deregister",
	"/{Phone-Number-ID}/message_qrdls",
	"/{Phone-Number-ID}/message_qrdls/{QR-Code-ID}",
	"/{Phone-Number-ID}/official_business_account",
	"/{Phone-Number-ID}/register",
	"/{Phone-Number-ID}/request_code",
	"/{Phone-Number-ID}/settings",
	"/{Phone-Number-ID}/verify_code",
	"/{Phone-Number-ID}/whatsapp_business_encryption",
	"/{Phone-Number-ID}/whatsapp_business_profile",
	"/{Pre-Verified-Phone-Number-ID}",
	"/{Pre-Verified-Phone-Number-ID}/partners",
	"/{Pre-Verified-Phone-Number-ID}/request_code",
	"/{Pre-Verified-Phone-Number-ID}/verify_code",
	"/{Solution-ID}",
	"/{Solution-ID}/accept",
	"/{Solution-ID}/accept_deactivation_request",
	"/{Solution-ID}/access_token",
	"/{Solution-ID}/reject",
	"/{Solution-ID}/reject_deactivation_request",
	"/{Solution-ID}/send_deactivation_request",
	"/{TEMPLATE_ID}",
	"/{User-ID}/assigned_whatsapp_business_accounts",
	"/{WABA-ID}",
	"/{WABA-ID}/activities",
	"/{WABA-ID}/message_templates",
	"/{WABA-ID}/phone_numbers",
	"/{WABA-ID}/schedules",
	"/{WABA-ID}/set_solution_migration_intent",
	"/{WABA-ID}/solutions",
	"/{WABA-ID}/subscribed_apps",
	"/{WhatsApp-Account-Number-ID}",
	"/{WhatsApp-Business-Account-ID}/assigned_users",
	"/{WhatsApp-Business-Profile-ID}",
}
