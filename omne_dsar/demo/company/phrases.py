"""What people write: subjects, complaints, remarks; `{other}` and `{other_email}` are somebody else, as in real free text."""

# ruff: noqa: E501  lists of words are read along the line

CASE_SUBJECTS = (
    "Invoice shows the wrong address", "Cannot sign in since Monday", "Export stops at 10,000 rows", "Question about my plan",
    "Delivery never arrived", "Please change the billing contact", "Timesheet for last week is locked", "Two accounts, please merge",
    "Rechnung doppelt erhalten", "Mot de passe oublié", "Счёт не приходит на почту", "請求書について", "استفسار عن الفاتورة",
    "לא מצליח להתחבר", "मेरा ऑर्डर कहाँ है", "Δεν λαμβάνω ειδοποιήσεις",
)  # fmt: skip
CASE_BODIES = (
    "Hello, since the last update I cannot finish this. {other} ({other_email}) told me to write to you.",
    "My colleague {other} sees the order, I do not. Could you look at both accounts?",
    "The invoice names {other} as contact, that was never agreed. Please use my own name.",
    "I called twice. The first time {other} answered and promised a call back that never came.",
    "Everything is in the attachment. Please answer to this address, not to {other_email}.",
    "The parcel was handed to {other} at the house next door without my knowledge.",
)
STAFF_COMMENTS = (
    "Thank you for writing. I have looked at the account and mended it.",
    "I asked {other} in the billing team, the answer will be here by tomorrow.",
    "Merged with the case of {other_email}, same cause.",
    "We have sent the corrected invoice. Is there anything else?",
    "Customer was upset on the phone, be gentle. Spoke with {other} as well.",
)
CUSTOMER_COMMENTS = (
    "Still not working, I tried twice with another browser.",
    "Works now, thanks! {other} was very helpful.",
    "No answer for three days. Shall I ask {other_email} instead?",
    "Here is the picture you asked for.",
    "Please close this, {other} has already solved it.",
)
MESSAGES = (
    "Could you send {other} the new price list?", "Meeting moved to Thursday.", "Done, see the project page.",
    "{other} is on leave until the 14th.", "Thanks, looks right to me.", "Which VAT number do we use for this one?",
    "Call me when you can.", "Bitte bis Freitag freigeben.", "今日の会議は三時からです。", "Готово, проверь пожалуйста.",
)  # fmt: skip
NOTES = (
    "stock take",
    "customer visit",
    "call with {other}",
    "month-end closing",
    "training",
    "travel",
    "review of offers",
)
REMARKS = (
    "The mobile app is slow on the train.", "Please keep the old report page.", "Support by {other} was excellent.",
    "Too many mails.", "Would recommend.",
)  # fmt: skip
BIOS = (
    "Runs purchasing and, on Sundays, marathons.", "Two children, one dog, many spreadsheets.", "Accountant by day, violinist by night.",
    "Working from a small town by the sea.", "",
)  # fmt: skip
WISHES = (
    "500 seats from January, with training", "A quote for the warehouse module", "Migration from our old system",
    "Price for three more years",
)  # fmt: skip
JOB_TITLES = (
    "Accountant", "Head of Purchasing", "Warehouse Manager", "Project Lead", "Controller", "Sales Representative", "Owner",
    "HR Partner", "Data Analyst", "Production Planner",
)  # fmt: skip
INTERESTS = ("inventory", "payroll", "analytics", "mobile", "integrations", "training", "tax")
DOCUMENT_TITLES = (
    "Contract draft",
    "Offer",
    "Travel receipts",
    "Stock list",
    "Minutes with {other}",
    "Photo of the delivery",
    "Payslip",
)
USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/131.0", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64) Chrome/129.0", "OmneERP/4.2 (iPhone; iOS 18.0)", "OmneERP/4.1 (Android 15; Pixel 8)",
)  # fmt: skip
DEVICE_MODELS = (
    ("iPhone 15", "iOS 18.0"),
    ("Pixel 8", "Android 15"),
    ("Galaxy S24", "Android 14"),
    ("MacBook Air", "macOS 14.6"),
    ("ThinkPad X1", "Windows 11"),
)
NETWORKS = ("Northwind Mobile", "Telefon West", "Blue Cell", "wifi")
PAGES = (
    "/",
    "/invoices",
    "/orders",
    "/orders/new",
    "/timesheets",
    "/reports/stock",
    "/settings/profile",
    "/help",
    "/projects",
    "/search",
)
FEATURES = (
    "invoice_export",
    "quick_search",
    "bulk_edit",
    "timesheet_copy",
    "dashboard_filter",
    "barcode_scan",
    "dark_mode",
)
COMPANY_NAMES = (
    "Juniper Freight", "Kestrel Tools", "Alder & Ash", "Blauwasser Logistik", "Maison Béranger", "Nordlys Kaffe", "Okoń Meble",
    "Saffron Route", "Harbour Glass", "Tanaka Print", "Olive Coast", "Polar Cycles", "Redwood Dental", "Sable Textiles",
    "Tern Shipping", "Umbra Optics", "Vega Solar", "Willow Foods", "Yarrow Garden", "Zephyr Fans",
)  # fmt: skip
PRODUCT_NAMES = (
    "Barcode scanner", "Label printer", "Shelf terminal", "Time clock", "Receipt paper", "Scanner cradle", "Training day",
    "Priority support", "Warehouse module", "Payroll module", "Analytics module", "Onboarding package",
)  # fmt: skip
