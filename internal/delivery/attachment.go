package delivery

// Attachment is a file that an interview's answers name, as it waits on a device.
type Attachment struct {
	Interview string
	Name      string // as the answer has it
	Study     string
	SHA256    string // lower-case hex
	Size      int64  // bytes
}
