package protocol

import "parvis/internal/delivery"

// Attachment is a file that an answer names, as a device sends it.
type Attachment = delivery.Attachment

// AttachmentAnswer tells a device how much central has of a file.
type AttachmentAnswer struct {
	Have int64 `json:"have"` // bytes, from the beginning
	// Complete tells that central has it whole and has verified its sum.
	Complete bool `json:"complete,omitempty"`
}
